namespace Cajal.Models.Tests.Energy;

/// <summary>Annealed importance sampling, against Z by enumeration.</summary>
public sealed class PartitionTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    [InlineData(true, 4)]
    public void TheEstimateCoversTheTruth(bool gaussian, ulong seed)
    {
        var rbm = Machines.Random(gaussian, visible: 12, hidden: 9, seed, scale: 0.7);
        double exact = PartitionFunction.LogExact(rbm);
        var estimate = AnnealedImportanceSampling.Estimate(rbm, temperatures: 3000, chains: 200, generator: new Generator(seed));
        Assert.InRange(exact, estimate.Low, estimate.High);
        Assert.Equal(exact, estimate.LogZ, 0.15);
        Assert.True(estimate.High - estimate.Low < 0.5, $"{estimate}");
        Assert.InRange(estimate.EffectiveChains, 50, 200);
    }

    [Fact]
    public void TheWayMayStartFromTheMeansOfTheData()
    {
        var rbm = Machines.Random(gaussian: false, visible: 12, hidden: 9);
        double exact = PartitionFunction.LogExact(rbm);
        var means = rbm.Gibbs(Tensor.Zeros([500, 12], DType.Float64), 50, new(1)).Mean(0);
        var estimate = AnnealedImportanceSampling.Estimate(rbm, temperatures: 500, chains: 200, means, new Generator(8));
        Assert.Equal(exact, estimate.LogZ, 0.1);
        Assert.Contains("means must be [visible]", Assert.Throws<ShapeException>(() => AnnealedImportanceSampling.Estimate(rbm, 10, 10, Tensor.Zeros(5))).Message);
    }

    [Fact]
    public void OneStepIsPlainImportanceSampling()
    {
        // Without weights and with the same biases the two machines are one: every chain's weight is 1, exactly.
        var rbm = Machines.Random(gaussian: false, visible: 6, hidden: 3);
        rbm.Weight.Fill(0);
        rbm.HiddenBias.Fill(0);
        var estimate = AnnealedImportanceSampling.Estimate(rbm, temperatures: 1, chains: 10);
        Assert.Equal(PartitionFunction.LogExact(rbm), estimate.LogZ, 1e-10);
        Assert.Equal(estimate.Low, estimate.High, 1e-10);
        Assert.Equal(10, estimate.EffectiveChains, 1e-9);
    }

    [Fact]
    public void TemperaturesRiseFromZeroToOne()
    {
        double[] betas = AnnealedImportanceSampling.InverseTemperatures(100);
        Assert.Equal(101, betas.Length);
        Assert.Equal((0.0, 1.0), (betas[0], betas[^1]));
        Assert.Equal(0.875, betas[75], 1e-12);
        double[] steps = [.. betas.Zip(betas.Skip(1), (low, high) => high - low)];
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.Second > 0 && pair.Second < pair.First));
    }

    [Fact]
    public void ItTellsOfProgress()
    {
        double last = 0;
        AnnealedImportanceSampling.Estimate(new BernoulliRbm(3, 2), temperatures: 20, chains: 5, progress: share => last = share);
        Assert.Equal(0.95, last, 1e-12);
    }
}
