namespace Cajal.Tests.Data;

public sealed class SourceTests
{
    [Fact]
    public void EmbeddedDatasetsHaveTheirPublishedSizesAndClasses()
    {
        (Dataset Data, int[] Shape, int[]? Counts)[] expected =
        [
            (Datasets.Digits(), [1797, 1, 8, 8], [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
            (Datasets.Iris(), [150, 4], [50, 50, 50]),
            (Datasets.Wine(), [178, 13], [59, 71, 48]),
            (Datasets.BreastCancer(), [569, 30], [212, 357]),
            (Datasets.Diabetes(), [442, 10], null),
        ];
        foreach ((Dataset data, int[] shape, int[]? counts) in expected)
        {
            Batch all = data.ToBatch();
            Assert.Equal(shape, all.Inputs.Shape.ToArray());
            Assert.NotEmpty(data.Attribution);
            Assert.NotEmpty(data.Description);
            Assert.All(all.Inputs.ToArray<float>(), v => Assert.True(float.IsFinite(v)));
            if (counts is not null)
            {
                Assert.Equal(counts, data.ClassCounts());
                Assert.Equal(counts.Length, data.Classes!.Count);
                Assert.Equal(DType.Int64, all.Targets.DType);
            }
            if (data.FeatureNames is { } names)
            {
                Assert.Equal(shape[1], names.Count);
            }
        }
    }

    [Fact]
    public void DigitsSpanZeroToOneAndDiabetesKeepsItsUnits()
    {
        float[] pixels = Datasets.Digits().ToBatch().Inputs.ToArray<float>();
        Assert.Equal((0f, 1f), (pixels.Min(), pixels.Max()));
        Batch diabetes = Datasets.Diabetes().ToBatch();
        Assert.Equal([442, 1], diabetes.Targets.Shape.ToArray());
        float[] targets = diabetes.Targets.ToArray<float>();
        Assert.Equal((25f, 346f, 152.1335), (targets.Min(), targets.Max(), Math.Round(targets.Average(t => (double)t), 4)));
        Assert.Equal([59f, 2, 32.1f, 101, 157, 93.2f, 38, 4, 4.8598f, 87], diabetes.Inputs.ToArray<float>()[..10]);
    }

    [Fact]
    public void LogicTablesAreRight()
    {
        Assert.Equal([0, 0, 0, 1], Datasets.And().Labels.ToArray());
        Assert.Equal([0, 1, 1, 1], Datasets.Or().Labels.ToArray());
        Assert.Equal([0, 1, 1, 0], Datasets.Xor().Labels.ToArray());
        Assert.Equal([0f, 0, 0, 1, 1, 0, 1, 1], Datasets.Xor().ToBatch().Inputs.ToArray<float>());
        Assert.Equal([0, 1, 1, 0, 1, 0, 0, 1], Datasets.Parity(3).Labels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.Parity(17));
    }

    [Fact]
    public void NoiselessGeneratorsObeyTheirDefinitions()
    {
        Check(Datasets.Circles(101, noise: 0, factor: 0.5), (x, y, k) => Math.Abs(Math.Sqrt(x * x + y * y) - (k == 0 ? 1 : 0.5)) < 1e-6);
        Check(Datasets.Moons(101, noise: 0), (x, y, k) => Math.Abs((k == 0 ? Math.Sqrt(x * x + y * y) : Math.Sqrt((x - 1) * (x - 1) + (y - 0.5) * (y - 0.5))) - 1) < 1e-6);
        Check(Datasets.Spirals(90, 3, noise: 0), (x, y, k) => Math.Sqrt(x * x + y * y) <= 5);
        Assert.Equal([34, 33, 33], Datasets.Blobs(100, 3).ClassCounts());
        Batch plane = Datasets.RegressionPlane(50, noise: 0).ToBatch(), sine = Datasets.Sine(50, noise: 0).ToBatch();
        float[] x = plane.Inputs.ToArray<float>(), y = plane.Targets.ToArray<float>();
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal((x[2 * i] + x[2 * i + 1]) / 10, y[i], 1e-5));
        Assert.Equal(sine.Inputs.ToArray<float>().Select(v => Math.Sin(v)), sine.Targets.ToArray<float>().Select(Convert.ToDouble), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Contains("Simulated", Datasets.Sine().Description);

        static void Check(Dataset data, Func<float, float, int, bool> holds)
        {
            float[] points = data.ToBatch().Inputs.ToArray<float>();
            Assert.All(Enumerable.Range(0, data.Count), i => Assert.True(holds(points[2 * i], points[2 * i + 1], data.Labels.Span[i])));
        }
    }

    [Fact]
    public void GeneratorsAreFixedBySeedAndNoiseIsAStandardDeviation()
    {
        Assert.Equal(Datasets.Moons(seed: 3).ToBatch().Inputs.ToArray<float>(), Datasets.Moons(seed: 3).ToBatch().Inputs.ToArray<float>());
        Assert.NotEqual(Datasets.Moons(seed: 3).ToBatch().Inputs.ToArray<float>(), Datasets.Moons(seed: 4).ToBatch().Inputs.ToArray<float>());
        float[] clean = Datasets.Circles(4000, noise: 0).ToBatch().Inputs.ToArray<float>(), noisy = Datasets.Circles(4000, noise: 0.2).ToBatch().Inputs.ToArray<float>();
        Assert.InRange(Math.Sqrt(clean.Zip(noisy, (a, b) => (double)(a - b) * (a - b)).Average()), 0.19, 0.21);
        Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.Moons(noise: -1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MnistIsReadPlainOrGzippedFromDirectoryOrSubfolder(bool gzip)
    {
        using var scratch = new Scratch();
        string folder = Directory.CreateDirectory(scratch[gzip ? "mnist" : "."]).FullName;
        WriteMnist(folder, "t10k", gzip, [3, 9]);
        Dataset test = Datasets.Mnist(DatasetPart.Test, scratch.Folder);
        Assert.Equal([2, 1, 28, 28], test.ToBatch().Inputs.Shape.ToArray());
        Assert.Equal([3, 9], test.Labels.ToArray());
        float[] pixels = test.GetBatch([1]).Inputs.ToArray<float>();
        Assert.Equal(784 % 256 / 255f, pixels[0]);
        Assert.Equal(1f, pixels[1023 - 784]);
    }

    [Fact]
    public void MissingMnistSaysWhereItLookedAndHowToGetIt()
    {
        using var scratch = new Scratch();
        var error = Assert.Throws<FileNotFoundException>(() => Datasets.FashionMnist(DatasetPart.Train, scratch.Folder));
        Assert.Contains(scratch.Folder, error.Message);
        Assert.Contains("cajal data get fashion-mnist", error.Message);
        Assert.Contains("dataset-fashion-mnist", error.Message);
        Assert.Contains("--data DIR", error.Message);
    }

    [Fact]
    public void MnistContentIsVerified()
    {
        using var scratch = new Scratch();
        WriteMnist(scratch.Folder, "t10k", false, [3, 10]);
        Assert.Contains("label 1 is 10", Assert.Throws<InvalidDataException>(() => Datasets.Mnist(DatasetPart.Test, scratch.Folder)).Message);
        WriteMnist(scratch.Folder, "t10k", false, [3, 1]);
        File.WriteAllBytes(scratch["t10k-labels-idx1-ubyte"], Scratch.Idx([1], [3]));
        Assert.Contains("one label per image", Assert.Throws<InvalidDataException>(() => Datasets.Mnist(DatasetPart.Test, scratch.Folder)).Message);
        var labels = new byte[10_000];
        Assert.Contains("class 0 occurs 10000 times", Assert.Throws<InvalidDataException>(
            () => Datasets.CheckMnist("i", [10_000, 28, 28], "l", labels, [10_000])).Message);
    }

    private static void WriteMnist(string folder, string prefix, bool gzip, byte[] labels)
    {
        byte[] pixels = [.. Enumerable.Range(0, labels.Length * 784).Select(i => (byte)i)];
        byte[] images = Scratch.Idx([labels.Length, 28, 28], pixels), classes = Scratch.Idx([labels.Length], labels);
        string end = gzip ? ".gz" : "";
        File.WriteAllBytes(Path.Combine(folder, $"{prefix}-images-idx3-ubyte{end}"), gzip ? Scratch.Gzip(images) : images);
        File.WriteAllBytes(Path.Combine(folder, $"{prefix}-labels-idx1-ubyte{end}"), gzip ? Scratch.Gzip(classes) : classes);
    }
}
