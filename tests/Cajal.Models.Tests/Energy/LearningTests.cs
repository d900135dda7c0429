namespace Cajal.Models.Tests.Energy;

/// <summary>Learning rules, against derivatives of the free energy and exact likelihoods.</summary>
public sealed class LearningTests
{
    private const double Exact = 1e-10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheGradientIsThatOfTheFreeEnergy(bool gaussian)
    {
        var (rbm, data) = Machine(gaussian);
        var learning = new ContrastiveDivergence(rbm, steps: 2, chains: 7, centred: false, generator: new(4));
        for (int update = 0; update < 2; update++) learning.Backward(data); // from the second on, chains go on
        var learnt = rbm.Parameters().Select(parameter => parameter.Grad!).ToList();
        foreach (var parameter in rbm.Parameters()) parameter.Grad = null;
        (rbm.FreeEnergy(data).Mean() - rbm.FreeEnergy(learning.Chains!).Mean()).Backward();
        Assert.Equal(Shape.Create(7, 5), learning.Chains!.Shape);
        Assert.All(rbm.Parameters().Zip(learnt), pair => Assert.True(pair.First.Grad!.AllClose(pair.Second, Exact, Exact)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheCentredGradientIsTakenInCentredCoordinates(bool gaussian)
    {
        var (rbm, data) = Machine(gaussian);
        var learning = new ContrastiveDivergence(rbm, chains: 6, generator: new(4));
        learning.Backward(data);
        var s = data.Detach() * (rbm is GaussianRbm real ? (-real.LogVariance.Detach()).Exp() : Tensor.Scalar(1.0));
        var (mu, lambda) = (s.Mean(0).Detach(), rbm.Forward(data).Mean(0).Detach());
        // The same machine as a function of W, b' = b + Wᵀλ and c' = c + Wμ, differentiated by the tape.
        var w = rbm.Weight.Detach().Clone().WithGrad();
        var b = (rbm.VisibleBias + lambda.MatMul(w)).Detach().Clone().WithGrad();
        var c = (rbm.HiddenBias + w.MatMul(mu)).Detach().Clone().WithGrad();
        (FreeEnergy(data) - FreeEnergy(learning.Chains!)).Backward();
        Assert.True(w.Grad!.AllClose(rbm.Weight.Grad!, Exact, Exact));
        Assert.True((b.Grad! - lambda.MatMul(w.Grad!)).AllClose(rbm.VisibleBias.Grad!, Exact, Exact));
        Assert.True((c.Grad! - w.Grad!.MatMul(mu)).AllClose(rbm.HiddenBias.Grad!, Exact, Exact));

        Tensor FreeEnergy(Tensor v)
        {
            var scaled = rbm is GaussianRbm gaussian ? v * (-gaussian.LogVariance.Detach()).Exp() : v;
            // v² / 2σ² has no gradient to any of the three, nor has b² / 2σ², which does not depend on v.
            return -(scaled * (b - lambda.MatMul(w))).Sum(-1).Mean() - (scaled.Linear(w) + c - w.MatMul(mu)).Softplus().Sum(-1).Mean();
        }
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 5, false)]
    [InlineData(20, 1, true)]
    [InlineData(20, 1, false)]
    public void ABinaryMachineLearnsFourPatterns(int chains, int steps, bool centred)
    {
        using var scope = new Generator(1).Use();
        var patterns = Tensor.From([1f, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1], 4, 6);
        var data = patterns.Repeat(25, 1);
        var rbm = new BernoulliRbm(6, 8);
        double before = Machines.LogLikelihood(rbm, data);
        new RbmTrainer(rbm) { BatchSize = 20, LearningRate = 0.5, WeightDecay = 0, Chains = chains, Steps = steps, Centred = centred }.Fit(data, epochs: 300);
        // No model can do better than -log 4 = -1.386; independent pixels reach -6 log 2 = -4.159.
        double after = Machines.LogLikelihood(rbm, data);
        Assert.InRange(before, -4.2, -4.1);
        Assert.InRange(after, -2, -Math.Log(4) + 1e-4);
    }

    [Fact]
    public void AGaussianMachineLearnsClusters()
    {
        using var scope = new Generator(1).Use();
        // Two clusters with deviation 0.5, 4 apart.
        var centres = Tensor.From([2f, 0, -2, 0], 2, 2).Repeat(200, 1);
        var data = centres + Tensor.Normal([400, 2], 0, 0.5);
        var rbm = new GaussianRbm(2, 2);
        new RbmTrainer(rbm) { BatchSize = 50, LearningRate = 0.1, Momentum = 0.5, WeightDecay = 0, Chains = 100 }.Fit(data, epochs: 600);
        // The clusters themselves: log ½ − log 2πσ² − 1 = −2.14 per sample, where they do not overlap. One normal distribution reaches −2.87.
        double best = -Math.Log(2) - Math.Log(2 * Math.PI * 0.25) - 1;
        Assert.InRange(Machines.LogLikelihood(rbm, data), best - 0.2, best + 0.1);
        Assert.Equal(0.25, rbm.LogVariance.Exp().At(0), 0.08);
    }

    [Fact]
    public void SameSeedSameBits()
    {
        float[] Train(ulong seed)
        {
            using var scope = new Generator(seed).Use();
            var rbm = new BernoulliRbm(70, 33);
            new RbmTrainer(rbm) { BatchSize = 16, Chains = 9, Binarise = true }.Fit(Tensor.Uniform([50, 70]), epochs: 2);
            return rbm.Weight.ToArray<float>();
        }
        int before = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            var one = Train(5);
            Compute.Threads = 3;
            Assert.Equal(one, Train(5));
            Assert.NotEqual(one, Train(6));
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void ItTellsOfProgressAndCanBeEnded()
    {
        var seen = new List<(int, double)>();
        var rbm = new BernoulliRbm(3, 2);
        Assert.Throws<OperationCanceledException>(() => new RbmTrainer(rbm) { BatchSize = 4 }.Fit(Tensor.Zeros(10, 3), epochs: 5, progress: (epoch, share) =>
        {
            seen.Add((epoch, Math.Round(share, 2)));
            if (epoch == 2) throw new OperationCanceledException();
        }));
        Assert.Equal([(1, 0.33), (1, 0.67), (1, 1.0), (2, 0.33)], seen);
        Assert.Contains("data must be [N, visible = 3]", Assert.Throws<ShapeException>(() => new RbmTrainer(rbm).Fit(Tensor.Zeros(10, 4), 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContrastiveDivergence(rbm, forgetting: 0));
        Assert.Contains("Binarise is for binary visible units", Assert.Throws<InvalidOperationException>(() => new RbmTrainer(new GaussianRbm(3, 2)) { Binarise = true }.Fit(Tensor.Zeros(10, 3), 1)).Message);
        rbm.VisibleBias.Fill(7);
        new RbmTrainer(rbm) { StartsFromData = false }.Fit(Tensor.Zeros(10, 3), epochs: 0);
        Assert.Equal([7f, 7, 7], rbm.VisibleBias.ToArray<float>());
    }

    private static (RestrictedBoltzmannMachine Rbm, Tensor Data) Machine(bool gaussian) =>
        (Machines.Random(gaussian, visible: 5, hidden: 4), gaussian
            ? Tensor.Normal([8, 5], dtype: DType.Float64, generator: new(9))
            : (Tensor.Uniform([8, 5], dtype: DType.Float64, generator: new(9)) < 0.4).Cast(DType.Float64));
}
