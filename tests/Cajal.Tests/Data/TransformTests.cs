namespace Cajal.Tests.Data;

public sealed class TransformTests
{
    private static readonly Tensor Ramp = Tensor.From([.. Enumerable.Range(1, 2 * 8 * 6).Select(i => (float)i)], 2, 8, 6);

    public static TheoryData<ImageTransform> Neutral => [new RandomShift(0), new RandomAffine(), new RandomCrop(0), new RandomHorizontalFlip(0), new GaussianNoise(0), new ElasticDeformation(0, 2)];

    public static TheoryData<ImageTransform> Active =>
        [new RandomShift(0.4), new RandomRotate(30), new RandomScale(0.3), new RandomCrop(2), new RandomHorizontalFlip(), new GaussianNoise(1), new ElasticDeformation(20, 2), new Cutout(3)];

    [Theory]
    [MemberData(nameof(Neutral))]
    public void StrengthZeroChangesNothing(ImageTransform transform) =>
        Assert.Equal(Ramp.ToArray<float>(), transform.Apply(Ramp, new Generator(1)).ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-4);

    [Theory]
    [MemberData(nameof(Active))]
    public void EqualGeneratorsGiveEqualImagesAndOthersDiffer(ImageTransform transform)
    {
        float[][] images = [.. Enumerable.Range(0, 20).Select(s => transform.Apply(Ramp, new Generator((ulong)s)).ToArray<float>())];
        Assert.Equal(images[3], transform.Apply(Ramp, new Generator(3)).ToArray<float>());
        Assert.Contains(images, i => !i.SequenceEqual(images[0]));
        Assert.All(images.SelectMany(i => i), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void FlipMirrorsEveryRow()
    {
        float[] flipped = new RandomHorizontalFlip(1).Apply(Ramp, new Generator(0)).ToArray<float>();
        Assert.Equal([6f, 5, 4, 3, 2, 1, 12], flipped[..7]);
    }

    [Fact]
    public void ShiftMovesWholePixelsAndFillsWithZero()
    {
        var source = new float[] { 1, 2, 3, 4 };
        var result = new float[4];
        Pixels.CopyShifted(source, result, new(1, 2, 2), new(1, 2, 2), 1, -1);
        Assert.Equal([0f, 0, 2, 0], result);
        Pixels.CopyShifted(source, result, new(1, 2, 2), new(1, 2, 2), 0, 5);
        Assert.Equal(new float[4], result);
    }

    [Fact]
    public void CutoutClearsASquareInEveryChannel()
    {
        float[] cut = new Cutout(3).Apply(Tensor.Ones(2, 32, 32), new Generator(5)).ToArray<float>();
        int first = cut[..1024].Count(v => v == 0);
        Assert.InRange(first, 2 * 2, 9);
        Assert.Equal(cut[..1024], cut[1024..]);
    }

    [Fact]
    public void QuarterTurnPermutesPixels()
    {
        var result = new float[9];
        Resampling.Affine([1, 2, 3, 4, 5, 6, 7, 8, 9], result, new(1, 3, 3), 0, -1, 1, 0, 0, 0);
        Assert.Equal([7f, 4, 1, 8, 5, 2, 9, 6, 3], result, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void AffineShiftsByHalfAPixel()
    {
        var result = new float[4];
        Resampling.Affine([0, 2, 4, 6], result, new(1, 1, 4), 1, 0, 0, 1, 0, 0.5f);
        Assert.Equal([1f, 3, 5, 3], result); // the last lies half outside, where the image is 0
    }

    [Fact]
    public void ResizeKeepsConstantsAndAverages()
    {
        var result = new float[4];
        Resampling.Resize(Enumerable.Repeat(0.7f, 35).ToArray(), result, new(1, 5, 7), new(1, 2, 2));
        Assert.All(result, v => Assert.Equal(0.7f, v, 1e-6f));
        var up = new float[4];
        Resampling.Resize([0f, 1], up, new(1, 1, 2), new(1, 1, 4));
        Assert.Equal([0f, 0.25f, 0.75f, 1f], up, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void CropChangesTheSizeAndRefusesTooLargeAWindow()
    {
        Assert.Equal([2, 4, 3], new RandomCrop(0, 4, 3).Apply(Ramp, new Generator(0)).Shape.ToArray());
        Assert.Contains("larger than the padded image", Assert.Throws<ShapeException>(() => new RandomCrop(1, 20, 20).Apply(Ramp, new Generator(0))).Message);
        Assert.Contains("[C, H, W]", Assert.Throws<ShapeException>(() => new Cutout(1).Apply(Tensor.Zeros(3, 3), new Generator(0))).Message);
    }

    [Fact]
    public void ComposeRunsInOrderOnEveryImageOfABatch()
    {
        Transform transform = new Compose(new RandomCrop(0, 4, 4), new RandomHorizontalFlip(1), new RandomHorizontalFlip(1), new OneHot(10));
        Batch batch = new DataLoader(Datasets.Digits().Take(3), 3, transform: transform).First();
        Assert.Equal([3, 1, 4, 4], batch.Inputs.Shape.ToArray());
        Assert.Equal([3, 10], batch.Targets.Shape.ToArray());
        Assert.Equal(3, batch.Targets.ToArray<float>().Sum());
    }

    [Fact]
    public void ScalingsAreFittedOnTrainingDataAndAppliedToTheRest()
    {
        (Dataset train, Dataset test) = Datasets.Wine().Split(0.8, seed: 0);
        Standardise standard = Standardise.Fit(train);
        float[] z = standard.Apply(train).ToBatch().Inputs.ToArray<float>();
        for (int c = 0; c < 13; c++)
        {
            double[] column = [.. z.Where((_, i) => i % 13 == c).Select(v => (double)v)];
            Assert.Equal(0, column.Average(), 1e-4);
            Assert.Equal(1, column.Average(v => v * v), 1e-4);
        }
        Assert.NotEqual(0, standard.Apply(test).ToBatch().Inputs.ToArray<float>().Average(), 1e-4);
        float[] unit = MinMax.Fit(train).Apply(train).ToBatch().Inputs.ToArray<float>();
        Assert.Equal((0f, 1f), (unit.Min(), unit.Max()));
        Assert.Single(Standardise.Fit(Datasets.Digits()).Offsets); // images: per channel
        Assert.Contains("axis 1 of the inputs must be 13", Assert.Throws<ShapeException>(() => standard.Apply(Tensor.Zeros(2, 4))).Message);
        Assert.Contains("class 7", Assert.Throws<ArgumentException>(() => new OneHot(3).Apply(Datasets.Digits().Subset([7])).ToBatch()).Message);
    }
}
