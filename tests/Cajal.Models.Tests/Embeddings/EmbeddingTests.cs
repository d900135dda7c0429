namespace Cajal.Models.Tests;

/// <summary>Principal components, t-SNE and trustworthiness against scikit-learn 1.2.1 (embeddings.py beside this file), closed forms and automatic derivatives.</summary>
public sealed class EmbeddingTests
{
    // Iris is kept in single precision.
    private const double FloatTolerance = 2e-6;
    private const double ScikitLearnKl = 0.337431, ScikitLearnTrust = 0.995584, ScikitLearnTrustOfComponents = 0.85384797;

    private static Tensor Iris => Datasets.Iris().ToBatch().Inputs;

    private static Tensor Digits(int count) => Datasets.Digits().Take(count).ToBatch().Inputs;

    [Fact]
    public void ComponentsOfIrisAreScikitLearns()
    {
        var pca = Pca.Fit(Iris, 4);
        AssertClose([4.228241706034871, 0.2426707479286332, 0.07820950004291927, 0.023835092973449448], pca.ExplainedVariance);
        AssertClose([0.9246187232017272, 0.0530664831170677, 0.01710260980792971, 0.005212183873275369], pca.ExplainedVarianceRatio);
        AssertClose(
        [
            0.3613865917853683, -0.08452251406456845, 0.8566706059498354, 0.35828919715155055, 0.6565887712868418, 0.7301614347850269, -0.17337266279585628, -0.07548101991746375,
            -0.5820298513060655, 0.5979108301000853, 0.07623607582096315, 0.5458314320200757, 0.31548719290397614, -0.31972310366612877, -0.47983898699463434, 0.7536574252640457,
        ], pca.Components);
        AssertClose(
            [-2.684125625969537, 0.3193972465850996, -0.02791482758941366, 0.002262437071316792, -2.714141687294326, -0.17700122506478172, -0.21046427237824367, 0.0990265503235862],
            pca.Transform(Iris)[..2]);
    }

    [Fact]
    public void FewSamplesOfManyNumbersHaveComponentsToo() =>
        AssertClose([0.8352685912194694, 0.6963959104705395, 0.6421251655526781, 0.5847307514688862, 0.30728418576980504], Pca.Fit(Digits(30), 5).ExplainedVariance);

    [Fact]
    public void BothWaysOfComputingAgree()
    {
        // Repeated samples change no direction, but there are now more of them than numbers in each.
        var few = Digits(30);
        Pca by = Pca.Fit(few, 4), other = Pca.Fit(Tensor.Concat([few, few, few], 0), 4);
        Assert.True(by.Components.AllClose(other.Components, 0, 1e-9));
        Assert.True(by.ExplainedVarianceRatio.AllClose(other.ExplainedVarianceRatio, 1e-9));
    }

    [Fact]
    public void AllComponentsGiveTheSamplesBack()
    {
        var pca = Pca.Fit(Iris, 4);
        Assert.True(pca.Inverse(pca.Transform(Iris)).AllClose(Iris, 0, 1e-5));
        // What fewer components lose is the variance of the others.
        var two = Pca.Fit(Iris.Cast(DType.Float64), 2);
        double lost = (two.Inverse(two.Transform(Iris.Cast(DType.Float64))) - Iris).Square().Sum().Item() / (150 - 1);
        Assert.Equal(0.07820950004291927 + 0.023835092973449448, lost, 1e-6);
    }

    [Fact]
    public void AffinitiesAreScikitLearns()
    {
        var p = TSne.Affinities(Iris[..40], 7);
        // Its entropy is found to 1e-5 nats, so its probabilities agree to about as much of themselves.
        double[] expected =
        [
            0.0, 2.9096316865917296e-06, 2.0612945629262693e-07, 7.972233444770563e-09, 0.005139269357100484, 2.476715406404926e-05, 3.0732031354966024e-05, 0.0032196962629849725,
            5.83114700817786e-07, 5.226274700677008e-06, 0.00029212191631846626, 8.241062560038322e-05,
        ];
        Assert.True(p[0, ..12].AllClose(Tensor.From(expected), 1e-3, 1e-7), p[0, ..12].ToString());
        Assert.Equal(1, p.Sum().Item(), 1e-12);
        Assert.True(p.AllClose(p.T, 0, 0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public void NeighboursHaveThePerplexityAskedFor(double perplexity)
    {
        // On a circle every sample sees the same, so that p(j|i) = p(i|j) = N p.
        var angle = Tensor.Arange(100, DType.Float64) * (2 * Math.PI / 100);
        double[] row = (TSne.Affinities(Tensor.Stack([angle.Cos(), angle.Sin()], 1), perplexity)[17] * 100).ToArray<double>();
        Assert.Equal(0, row[17]);
        Assert.Equal(perplexity, Math.Exp(-row.Where(p => p > 0).Sum(p => p * Math.Log(p))), 1e-5);
    }

    [Fact]
    public void EqualDistancesAreSharedEqually()
    {
        // Corners of a simplex: whatever the perplexity, all are alike.
        var p = TSne.Affinities(Tensor.Eye(6), 3);
        Assert.True(p.AllClose((1 - Tensor.Eye(6, DType.Float64)) / 30, 1e-12));
    }

    [Fact]
    public void AStepGoesDownTheGradient()
    {
        const double Rate = 5;
        const double FirstGain = 0.8;
        var x = Iris[..37]; // no multiple of eight
        var start = Tensor.Normal([37, 2], std: 0.5, generator: new Generator(3)).Cast(DType.Float64);
        var p = TSne.Affinities(x, 5);
        var gradient = Differentiate.Grad(Divergence(p, start.WithGrad()), [start])[0];
        var moved = new TSne(perplexity: 5, iterations: 1, learningRate: Rate).Fit(x, start);
        Assert.True(moved.Embedding.AllClose(start.Detach() - gradient * (Rate * FirstGain), 0, 2e-6));
        Assert.Equal(Divergence(p, moved.Embedding.Cast(DType.Float64)).Item(), moved.KlDivergence, 1e-9);
    }

    [Fact]
    public void ASecondStepHasMomentumAndGains()
    {
        var x = Iris[..37];
        var p = TSne.Affinities(x, 5);
        var at = Tensor.Normal([37, 2], std: 0.5, generator: new Generator(3)).Cast(DType.Float64);
        var start = at.Clone();
        Tensor velocity = Tensor.ZerosLike(at), gain = Tensor.OnesLike(at);
        for (int step = 0; step < 3; step++)
        {
            var here = at.Detach().Clone().WithGrad();
            var gradient = Differentiate.Grad(Divergence(p, here), [here])[0];
            gain = Tensor.Where(velocity * gradient < 0, gain + 0.2, gain * 0.8);
            velocity = velocity * 0.8 - gain * gradient * 5;
            at += velocity;
        }
        Assert.True(new TSne(perplexity: 5, iterations: 3, learningRate: 5).Fit(x, start).Embedding.AllClose(at, 0, 1e-5));
    }

    [Fact]
    public void TheMapOfDigitsIsAsGoodAsScikitLearns()
    {
        var x = Digits(500);
        var map = new TSne(perplexity: 30).Fit(x);
        Assert.InRange(map.KlDivergence, 0.3, ScikitLearnKl * 1.03);
        Assert.InRange(Trustworthiness.Of(x, map.Embedding), ScikitLearnTrust - 0.003, 1);
    }

    [Fact]
    public void TrustworthinessOfTwoComponentsIsScikitLearns()
    {
        // Grey levels are few, so distances tie, and ties are put in another order there.
        const double Ties = 5e-5;
        Assert.Equal(ScikitLearnTrustOfComponents, Trustworthiness.Of(Digits(500), Pca.Fit(Digits(500), 2).Transform(Digits(500))), Ties);
    }

    [Fact]
    public void TheSameBitsOnAnyNumberOfThreads()
    {
        int before = Compute.Threads;
        float[] Map(int threads)
        {
            Compute.Threads = threads;
            return new TSne(perplexity: 10, iterations: 60).Fit(Digits(101)).Embedding.ToArray<float>();
        }
        try
        {
            Assert.Equal(Map(1), Map(3));
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void ProgressCanEndTheWork() =>
        Assert.Throws<OperationCanceledException>(() => new TSne(5).Fit(Iris[..20], progress: share => throw new OperationCanceledException()));

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("30 samples of 64 numbers have 1 to 30 components", Assert.Throws<ArgumentOutOfRangeException>(() => Pca.Fit(Digits(30), 31)).Message);
        Assert.Contains("NaN or infinity", Assert.Throws<ArgumentException>(() => Pca.Fit(Tensor.From([1f, float.NaN, 2, 3], 2, 2), 1)).Message);
        Assert.Contains("must hold 4 numbers", Assert.Throws<ShapeException>(() => Pca.Fit(Iris, 2).Transform(Tensor.Ones(3, 5))).Message);
        Assert.Contains("codes must be [N, 2]", Assert.Throws<ShapeException>(() => Pca.Fit(Iris, 2).Inverse(Tensor.Ones(3, 4))).Message);
        Assert.Contains("a perplexity of 30 needs more than 30 samples", Assert.Throws<ArgumentException>(() => new TSne().Fit(Iris[..20])).Message);
        Assert.Contains("start must be [20, 2]", Assert.Throws<ShapeException>(() => new TSne(5).Fit(Iris[..20], Tensor.Zeros(20, 3))).Message);
        Assert.Contains("1 to 9 neighbours", Assert.Throws<ArgumentOutOfRangeException>(() => Trustworthiness.Of(Iris[..20], Iris[..20], 10)).Message);
    }

    /// <summary>KL(P‖Q) written as the paper has it, in differentiable ops.</summary>
    private static Tensor Divergence(Tensor p, Tensor y)
    {
        int count = y.Shape[0];
        var w = 1 / (1 + (y.Unsqueeze(1) - y.Unsqueeze(0)).Square().Sum([2]));
        w *= 1 - Tensor.Eye(count, DType.Float64);
        var q = w / w.Sum();
        var off = Tensor.Eye(count, DType.Float64); // log 1 = 0 on the diagonal
        return (p * ((p + off) / (q + off)).Log()).Sum();
    }

    private static void AssertClose(double[] expected, Tensor actual)
    {
        double[] values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], FloatTolerance);
    }
}
