namespace Cajal.Models.Tests;

/// <summary>Densities, entropies and samples of policies, against closed forms.</summary>
public sealed class DistributionTests
{
    private static readonly CategoricalActions Categorical = new(3);

    [Fact]
    public void ProbabilitiesAreTheSoftmaxOfLogits()
    {
        var logits = Tensor.From([1.0, 2, 3, 0, 1000, 0], 2, 3);
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Assert.Equal([2 - Math.Log(sum), 0], Categorical.LogProbability(logits, Tensor.From([1.0, 1], 2, 1)).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        double[] p = [Math.Exp(1) / sum, Math.Exp(2) / sum, Math.Exp(3) / sum];
        Assert.Equal([-p.Sum(x => x * Math.Log(x)), 0], Categorical.Entropy(logits).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void AGaussianIsAGaussian()
    {
        double[] logs = [-0.5, 0.3];
        var gaussian = new GaussianActions(Tensor.From(logs, 2));
        double density = gaussian.LogProbability(Tensor.From([0.2, -1.0], 1, 2), Tensor.From([1.0, 0.5], 1, 2)).Item(), expected = 0;
        foreach (var (x, mean, log) in new[] { (1.0, 0.2, logs[0]), (0.5, -1.0, logs[1]) })
        {
            double sigma = Math.Exp(log);
            expected += Math.Log(Math.Exp(-Math.Pow((x - mean) / sigma, 2) / 2) / (sigma * Math.Sqrt(2 * Math.PI)));
        }
        Assert.Equal(expected, density, 1e-12);
        Assert.Equal([-0.2 + Math.Log(2 * Math.PI * Math.E), -0.2 + Math.Log(2 * Math.PI * Math.E)], gaussian.Entropy(Tensor.Zeros(2, 2)).Cast(DType.Float64).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void GradientsAreRight()
    {
        var logits = Tensor.Normal([4, 3], dtype: DType.Float64, generator: new Generator(1));
        var chosen = Tensor.From([0.0, 2, 1, 1], 4, 1);
        Assert.True(GradientCheck.First(x => Categorical.LogProbability(x[0], chosen) + Categorical.Entropy(x[0]), [logits]).Passes());
        var actions = Tensor.Normal([4, 2], dtype: DType.Float64, generator: new Generator(2));
        Assert.True(GradientCheck.First(x => new GaussianActions(x[1]).LogProbability(x[0], actions) + new GaussianActions(x[1]).Entropy(x[0]),
            [Tensor.Normal([4, 2], dtype: DType.Float64, generator: new Generator(3)), Tensor.From([-0.4, 0.7], 2)]).Passes());
    }

    [Fact]
    public void SamplesFollowTheProbabilities()
    {
        const int Draws = 20_000;
        float[] logits = [.. Enumerable.Range(0, Draws).SelectMany(_ => new[] { 0f, MathF.Log(3), MathF.Log(6) })], actions = new float[Draws], logs = new float[Draws];
        Categorical.Sample(logits, new Generator(4), actions, logs);
        for (int i = 0; i < 3; i++) Assert.Equal(new[] { 0.1, 0.3, 0.6 }[i], actions.Count(action => action == i) / (double)Draws, 0.015);
        Assert.Equal(Math.Log(new[] { 0.1, 0.3, 0.6 }[(int)actions[0]]), logs[0], 1e-6);
        Categorical.Likeliest(logits, actions);
        Assert.All(actions, action => Assert.Equal(2, action));
    }

    [Fact]
    public void GaussianSamplesCarryTheirDensity()
    {
        const int Draws = 5000;
        var gaussian = new GaussianActions(Tensor.From([-1f, 0.5f], 2));
        float[] means = [.. Enumerable.Range(0, Draws).SelectMany(_ => new[] { 3f, -2f })], actions = new float[2 * Draws], logs = new float[Draws];
        gaussian.Sample(means, new Generator(5), actions, logs);
        var expected = gaussian.LogProbability(Tensor.From(means, Draws, 2), Tensor.From(actions, Draws, 2));
        Assert.True(expected.AllClose(Tensor.From(logs, Draws), 1e-4, 1e-4));
        var samples = Tensor.From(actions, Draws, 2);
        Assert.Equal([3, -2], samples.Mean(0).ToArray<double>(), (a, b) => Math.Abs(a - b) < 0.1);
        Assert.Equal([Math.Exp(-1), Math.Exp(0.5)], samples.Std([0]).ToArray<double>(), (a, b) => Math.Abs(a / b - 1) < 0.05);
    }

    [Fact]
    public void ANetworkForOtherActionsIsRefused()
    {
        var network = ActorCritic.For(new CartPole());
        Assert.Contains("gaussianActions: 1", Assert.Throws<ArgumentException>(() => ActionDistribution.For(network, new Pendulum().Actions)).Message);
        Assert.IsType<GaussianActions>(ActionDistribution.For(ActorCritic.For(new Pendulum()), new Pendulum().Actions));
    }
}
