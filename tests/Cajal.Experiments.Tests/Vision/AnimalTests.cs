namespace Cajal.Experiments.Tests.Vision;

/// <summary>The simulated animal, and changes that move its key points.</summary>
public sealed class AnimalTests
{
    [Fact]
    public void KeyPointsAreInTheFrameAndOnTheAnimal()
    {
        var (images, points) = AnimalFigures.Render(40, seed: 1, part: 1).ToBatch();
        Assert.All(points.ToArray<float>(), place => Assert.InRange(place, 2f, 62f));
        float[] places = points.ToArray<float>();
        for (int n = 0; n < 40; n++)
        {
            // Straight from nose to hips is at most the length of the spine between them, and not much less.
            int at = n * 18;
            double length = double.Hypot(places[at] - places[at + 4], places[at + 1] - places[at + 5]);
            Assert.InRange(length, 0.8 * AnimalFigures.BodyLength, AnimalFigures.BodyLength + 1e-3);
        }
        Assert.InRange(images.Mean().Item(), 0.2, 0.8);
    }

    [Fact]
    public void CreaturesAreThereAndDiffer()
    {
        var (images, points) = Creatures.Render(40, 48, seed: 1).ToBatch();
        Assert.True(Creatures.Render(2, 48, seed: 1).ToBatch().Inputs.AllClose(images.Narrow(0, 0, 2), 0, 0));
        float[] p = points.ToArray<float>();
        double[] lengths = [.. Enumerable.Range(0, 40).Select(n => double.Hypot(p[n * 16 + 2] - p[n * 16 + 4], p[n * 16 + 3] - p[n * 16 + 5]))];
        Assert.True(lengths.Max() > 2 * lengths.Min());
        Assert.True(p.Count(place => place is >= 0 and <= 48) > 0.97 * p.Length);
    }

    [Fact]
    public void LeftIsLeft()
    {
        // Seen from above with y downwards, the left of something that looks along (dx, dy) is at (dy, -dx).
        float[] p = AnimalFigures.Render(40, seed: 2, part: 1).ToBatch().Targets.ToArray<float>();
        for (int n = 0; n < 40; n++)
        {
            int at = n * 18;
            double dx = p[at + 2] - p[at + 4], dy = p[at + 3] - p[at + 5];
            foreach (int left in new[] { 5, 7 }) Assert.True(Side(left) > Side(left + 1));

            double Side(int point) => dy * (p[at + 2 * point] - p[at + 4]) - dx * (p[at + 2 * point + 1] - p[at + 5]);
        }
    }

    [Fact]
    public void AugmentationMovesPointsWithTheirPixels()
    {
        // Nine bright pixels of different brightness on a dark frame; wherever they go, their points must go too.
        const int Points = 9, Frames = 32;
        var random = new Generator(1);
        var images = Tensor.Zeros(Frames, 1, 16, 16);
        var places = new float[Frames * Points * 2];
        for (int n = 0; n < Frames; n++)
        {
            int[] cells = random.Permutation(256)[..Points];
            for (int p = 0; p < Points; p++)
            {
                images.AsSpan<float>()[n * 256 + cells[p]] = 0.3f + 0.05f * p;
                (places[(n * Points + p) * 2], places[(n * Points + p) * 2 + 1]) = (cells[p] % 16 + 0.5f, cells[p] / 16 + 0.5f);
            }
        }
        var data = new TensorDataset(images, Tensor.From(places, Frames, Points, 2));
        var batch = new DataLoader(data, Frames, transform: new PoseTransform(AnimalFigures.Mirrored)).First();
        float[] pixels = batch.Inputs.ToArray<float>(), moved = batch.Targets.ToArray<float>();
        int mirrored = 0;
        for (int n = 0; n < Frames; n++)
        {
            float[] levels = [.. Enumerable.Range(0, Points).Select(p => pixels[n * 256 + (int)moved[(n * Points + p) * 2 + 1] * 16 + (int)moved[(n * Points + p) * 2]])];
            // In a mirror the left foot's pixel is found at the right foot's point.
            bool mirror = levels[5] > levels[6];
            if (mirror) levels = [.. Enumerable.Range(0, Points).Select(p => levels[AnimalFigures.Mirrored[p]])];
            for (int p = 1; p < Points; p++) Assert.True(levels[p] > levels[p - 1], $"frame {n}, point {p}");
            if (mirror) mirrored++;
            Assert.Equal(mirror ? 16 - places[n * Points * 2 + 1] : places[n * Points * 2 + 1], moved[n * Points * 2 + 1]);
        }
        Assert.InRange(mirrored, 6, 26);
    }

    [Fact]
    public void HalfTurnsMoveClassesWithTheirPixels()
    {
        var images = Tensor.Arange(24, DType.Float32).Reshape(1, 1, 4, 6).Repeat(16, 1, 1, 1);
        var batch = new DataLoader(new TensorDataset(images, images.Squeeze(1).Cast(DType.Int64)), 16, transform: new RandomHalfTurns()).First();
        Assert.True(batch.Inputs.Squeeze(1).Cast(DType.Int64).EqualTo(batch.Targets).All().Item() == 1);
        Assert.Equal([0f, 5, 18, 23], batch.Inputs.Select(3, 0).Select(2, 0).ToArray<float>().Distinct().Order());
    }
}
