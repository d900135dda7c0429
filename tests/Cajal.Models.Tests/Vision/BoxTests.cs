namespace Cajal.Models.Tests.Vision;

/// <summary>Boxes, their overlap, and dropping doubles.</summary>
public sealed class BoxTests
{
    [Theory]
    [InlineData(0, 0, 4, 4, 1)] // itself
    [InlineData(2, 0, 6, 4, 8.0 / 24)] // half of each
    [InlineData(1, 1, 3, 3, 4.0 / 16)] // inside
    [InlineData(4, 0, 8, 4, 0)] // side by side
    [InlineData(9, 9, 12, 12, 0)] // far away
    [InlineData(2, 2, 2, 4, 0)] // no area
    [InlineData(3, 3, 1, 1, 0)] // the wrong way round
    public void OverlapIsIntersectionOverUnion(float left, float top, float right, float bottom, double expected)
    {
        Box box = new(0, 0, 4, 4), other = new(left, top, right, bottom);
        Assert.Equal(expected, box.Iou(other), 12);
        Assert.Equal(expected, other.Iou(box), 12);
    }

    [Fact]
    public void TwoBoxesWithoutAreaDoNotOverlap() => Assert.Equal(0, new Box(1, 1, 1, 1).Iou(new(1, 1, 1, 1)));

    [Fact]
    public void OverlapEqualsACountOfPixels()
    {
        var random = new Generator(7);
        for (int trial = 0; trial < 100; trial++)
        {
            Box a = Whole(random), b = Whole(random);
            int both = 0, either = 0;
            for (int y = 0; y < 16; y++)
            {
                for (int x = 0; x < 16; x++)
                {
                    bool inA = Holds(a, x, y), inB = Holds(b, x, y);
                    if (inA && inB) both++;
                    if (inA || inB) either++;
                }
            }
            Assert.Equal((double)both / either, a.Iou(b), 12);
        }

        static Box Whole(Generator random)
        {
            int left = random.NextInt(12), top = random.NextInt(12);
            return new(left, top, left + 1 + random.NextInt(4), top + 1 + random.NextInt(4));
        }

        static bool Holds(Box box, int x, int y) => x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom;
    }

    [Fact]
    public void AroundHasItsMiddleAndSides()
    {
        var box = Box.Around(5, 7, 4, 2);
        Assert.Equal(new Box(3, 6, 7, 8), box);
        Assert.Equal((5f, 7f), box.Centre);
        Assert.Equal((4f, 2f, 8.0), (box.Width, box.Height, box.Area));
    }

    [Fact]
    public void OnlyTheSurestOfAClassIsKept()
    {
        Detection sure = new(new(0, 0, 10, 10), 3, 0.9f), near = new(new(1, 0, 11, 10), 3, 0.8f), other = new(new(1, 0, 11, 10), 4, 0.7f), apart = new(new(20, 20, 30, 30), 3, 0.1f);
        Assert.Equal([sure, other, apart], NonMaximumSuppression.Apply([apart, near, other, sure]));
        Assert.Equal([sure, apart], NonMaximumSuppression.Apply([apart, near, other, sure], acrossClasses: true));
        Assert.Equal([sure, near, other, apart], NonMaximumSuppression.Apply([apart, near, other, sure], overlap: 0.9));
        Assert.Empty(NonMaximumSuppression.Apply([]));
    }

    [Fact]
    public void ADroppedBoxDropsNoOther()
    {
        // Each overlaps the next by a half; the middle one falls to the first, so the last stays.
        Detection[] chain = [new(new(0, 0, 9, 3), 0, 0.9f), new(new(3, 0, 12, 3), 0, 0.8f), new(new(6, 0, 15, 3), 0, 0.7f)];
        Assert.Equal([chain[0], chain[2]], NonMaximumSuppression.Apply(chain, overlap: 0.4));
    }

    [Fact]
    public void AnOverlapOutsideItsRangeIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => NonMaximumSuppression.Apply([], overlap: double.NaN));
}
