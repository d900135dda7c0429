using SkiaSharp;

namespace Cajal.Experiments.Tests.Vision;

/// <summary>What is drawn over images, pixel by pixel.</summary>
public sealed class AnnotatedGridTests
{
    private const int Edge = 6; // the white space around images

    [Fact]
    public void MasksTintTheirPixels()
    {
        var bitmap = Drawn(Tensor.Zeros(1, 1, 1, 2), new Annotation { Mask = [0, 1] }, scale: 4);
        Assert.Equal(new SKColor(0, 0, 0), bitmap.GetPixel(Edge + 1, Edge + 1));
        Assert.True(bitmap.GetPixel(Edge + 5, Edge + 1).Red > 60);
    }

    [Fact]
    public void BoxesHaveTheirEdges()
    {
        var bitmap = Drawn(Tensor.Zeros(1, 1, 8, 8), new Annotation { Boxes = [(2, 2, 6, 6, "", 1)] }, scale: 4);
        Assert.NotEqual(SKColors.Black, bitmap.GetPixel(Edge + 8, Edge + 16));
        Assert.NotEqual(SKColors.Black, bitmap.GetPixel(Edge + 16, Edge + 24));
        Assert.Equal(SKColors.Black, bitmap.GetPixel(Edge + 16, Edge + 16));
    }

    [Fact]
    public void PointsAndCrossesAreAtTheirPlaces()
    {
        var bitmap = Drawn(Tensor.Zeros(1, 1, 8, 8), new Annotation { Points = [(2, 6)], Crosses = [(6, 2)] }, scale: 4);
        Assert.NotEqual(SKColors.Black, bitmap.GetPixel(Edge + 8, Edge + 24));
        Assert.NotEqual(SKColors.Black, bitmap.GetPixel(Edge + 24, Edge + 8));
        Assert.Equal(SKColors.Black, bitmap.GetPixel(Edge + 8, Edge + 8));
    }

    [Fact]
    public void EveryImageNeedsItsAnnotation() =>
        Assert.Contains("[1, 1, H, W]", Assert.Throws<ShapeException>(() => AnnotatedGrid.Of(Tensor.Zeros(2, 1, 4, 4), [new Annotation()], columns: 1)).Message);

    private static SKBitmap Drawn(Tensor images, Annotation annotation, int scale)
    {
        using var stream = new MemoryStream();
        AnnotatedGrid.Of(images, [annotation], columns: 1, scale).WritePng(stream);
        return SKBitmap.Decode(stream.ToArray());
    }
}
