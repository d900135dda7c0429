namespace Cajal.Models.Tests;

/// <summary>The contrastive loss against a loop over pairs, and the parts around it.</summary>
public sealed class ContrastiveTests
{
    private static Tensor Normal(int seed, params int[] shape) => Tensor.Normal(Shape.Create(shape), dtype: DType.Float64, generator: new Generator((ulong)seed));

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(7, 0.1)]
    public void TheLossIsThatOfAllPairs(int count, double temperature)
    {
        Tensor first = Normal(1, count, 3), second = Normal(2, count, 3);
        double[][] views = [.. Rows(first), .. Rows(second)];
        var expected = new double[2 * count];
        for (int i = 0; i < 2 * count; i++)
        {
            double others = 0;
            for (int k = 0; k < 2 * count; k++)
            {
                if (k != i) others += Math.Exp(Cosine(views[i], views[k]) / temperature);
            }
            expected[i] = -Math.Log(Math.Exp(Cosine(views[i], views[(i + count) % (2 * count)]) / temperature) / others);
        }
        var each = new NtXentLoss(temperature, Reduction.None).Forward(first, second);
        Assert.True(each.AllClose(Tensor.From(expected), 1e-9, 1e-9));
        Assert.Equal(expected.Average(), new NtXentLoss(temperature).Forward(first, second).Item(), 1e-9);
        Assert.Equal(expected.Sum(), new NtXentLoss(temperature, Reduction.Sum).Forward(first, second).Item(), 1e-8);
    }

    [Fact]
    public void ItsGradientIsRight()
    {
        var loss = new NtXentLoss(0.3);
        var report = GradientCheck.First(at => loss.Forward(at[0], at[1]), [Normal(1, 4, 3), Normal(2, 4, 3)]);
        Assert.True(report.Passes(1e-6), report.ToString());
        report = GradientCheck.Second(at => loss.Forward(at[0], at[1]), [Normal(1, 3, 2), Normal(2, 3, 2)]);
        Assert.True(report.Passes(1e-5), report.ToString());
    }

    [Fact]
    public void ItLooksAtDirectionsOnly()
    {
        Tensor first = Normal(1, 5, 3), second = Normal(2, 5, 3);
        var loss = new NtXentLoss();
        Assert.Equal(loss.Forward(first, second).Item(), loss.Forward(first * 7, second * 0.1).Item(), 1e-9);
        Assert.Equal(loss.Forward(first, second).Item(), loss.Forward(second, first).Item(), 1e-12);
    }

    [Fact]
    public void ExtremesStayFinite()
    {
        // Equal views at right angles: the partner is certain.
        Assert.Equal(0, new NtXentLoss(0.001).Forward(Tensor.Eye(4), Tensor.Eye(4)).Item(), 1e-6);
        var zeros = Tensor.Zeros(3, 2).WithGrad();
        var loss = new NtXentLoss().Forward(zeros, Tensor.Ones(3, 2));
        loss.Backward();
        Assert.True(double.IsFinite(loss.Item()) && zeros.Grad!.IsFinite().All().Item() != 0);
    }

    [Fact]
    public void TwoViewsDifferAndRepeatWithTheSeed()
    {
        var data = Datasets.Digits().Take(6);
        Tensor Views(int seed) => new DataLoader(data, 6, seed: seed, transform: new TwoViews(new RandomAffine(degrees: 30))).Single().Inputs;
        var both = Views(1);
        Assert.Equal(Shape.Create(6, 2, 8, 8), both.Shape);
        Assert.False(both.Narrow(1, 0, 1).AllClose(both.Narrow(1, 1, 1), 0, 1e-3));
        Assert.Equal(both.ToArray<float>(), Views(1).ToArray<float>());
        Assert.NotEqual(both.ToArray<float>(), Views(2).ToArray<float>());
        // Without a change both are the images.
        var plain = new DataLoader(data, 6, transform: new TwoViews(new RandomAffine())).Single().Inputs;
        Assert.True(plain.Narrow(1, 1, 1).AllClose(data.ToBatch().Inputs, 0, 1e-5));
        Assert.True(plain.Narrow(1, 0, 1).AllClose(data.ToBatch().Inputs, 0, 1e-5));
    }

    [Fact]
    public void AShareOfTheImagesIsChanged()
    {
        var data = Datasets.Digits().Take(1000);
        Tensor before = data.ToBatch().Inputs, after = new DataLoader(data, 1000, transform: new RandomApply(new GaussianNoise(1), 0.3)).Single().Inputs;
        double changed = (after - before).Abs().Flatten(1).Max([1]).NotEqualTo(0).Cast(DType.Float32).Mean().Item();
        Assert.InRange(changed, 0.25, 0.35);
        Assert.Contains("must have one size", Assert.Throws<ShapeException>(() => new RandomApply(new RandomCrop(0, 6, 6), 0.5).OutputSize(new(1, 8, 8))).Message);
    }

    [Fact]
    public void TheNetworkHasFeaturesAndEmbeddings()
    {
        var net = SimClr.Small(features: 16, embedding: 6);
        var x = Tensor.Uniform(Shape.Create(3, 1, 12, 12));
        Assert.Equal(Shape.Create(3, 16), net.Backbone.Call(x).Shape);
        Assert.Equal(Shape.Create(3, 6), net.Call(x).Shape);
        SavedModel.Again(net, x);
    }

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("must have one shape, [N, E] with N of 2 at least, but they are [1, 3] and [1, 3]", Assert.Throws<ShapeException>(() => new NtXentLoss().Forward(Tensor.Ones(1, 3), Tensor.Ones(1, 3))).Message);
        Assert.Contains("temperature must be positive", Assert.Throws<ArgumentOutOfRangeException>(() => new NtXentLoss(0)).Message);
    }

    private static double[][] Rows(Tensor x) => [.. Enumerable.Range(0, x.Shape[0]).Select(i => x[i].ToArray<double>())];

    private static double Cosine(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum() / Math.Sqrt(a.Sum(u => u * u) * b.Sum(v => v * v));
}
