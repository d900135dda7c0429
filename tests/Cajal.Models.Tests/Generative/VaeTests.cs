namespace Cajal.Models.Tests;

/// <summary>The parts of a variational autoencoder against closed forms, sums written out, and numerical integrals.</summary>
public sealed class VaeTests
{
    private static Tensor Binary(params int[] shape) => (Tensor.Uniform(Shape.Create(shape), generator: new Generator(5)) < 0.4).Cast(DType.Float32);

    private static VariationalAutoencoder Small(int latents = 3)
    {
        using var seeded = new Generator(7).Use();
        return VariationalAutoencoder.Dense([1, 4, 4], [8, 6], latents);
    }

    [Fact]
    public void TheDivergenceIsThatOfNormalDistributions()
    {
        // ∫ q log(q / p), by Simpson's rule over ±12 deviations.
        const double Mean = 0.7, LogVariance = -0.9;
        const int Steps = 4000;
        double deviation = Math.Exp(LogVariance / 2), sum = 0, width = 24 * deviation / Steps;
        for (int i = 0; i <= Steps; i++)
        {
            double z = Mean - 12 * deviation + i * width;
            double logQ = -0.5 * (Math.Log(2 * Math.PI) + LogVariance + Math.Pow((z - Mean) / deviation, 2)), logP = -0.5 * (Math.Log(2 * Math.PI) + z * z);
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(logQ) * (logQ - logP) * width / 3;
        }
        var code = new GaussianCode(Tensor.From([Mean, 0], 1, 2), Tensor.From([LogVariance, 0], 1, 2));
        Assert.Equal([sum, 0], code.Divergences().ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void SamplesHaveTheMomentsAskedFor()
    {
        const int Count = 100_000;
        var code = new GaussianCode(Tensor.Full(Shape.Create(Count, 1), 1.5), Tensor.Full(Shape.Create(Count, 1), Math.Log(0.25)));
        var z = code.Sample(new Generator(1));
        Assert.Equal(1.5, z.Mean().Item(), 0.01);
        Assert.Equal(0.5, z.Std().Item(), 0.01);
        // -E[log q] is the entropy, 1/2 log(2πe σ²).
        Assert.Equal(0.5 * Math.Log(2 * Math.PI * Math.E * 0.25), -code.LogDensity(z).Mean().Item(), 0.01);
    }

    [Fact]
    public void TheBoundIsASumOverPixelsLessTheDivergence()
    {
        var vae = Small();
        var x = Binary(5, 1, 4, 4);
        var bound = vae.Bound(x, new Generator(3));
        var code = vae.Encode(x);
        double[] p = vae.Decode(code.Sample(new Generator(3))).Sigmoid().ToArray<double>(), pixels = x.ToArray<double>();
        double[] mean = code.Mean.ToArray<double>(), log = code.LogVariance.ToArray<double>();
        for (int n = 0; n < 5; n++)
        {
            double likelihood = 0, divergence = 0;
            for (int i = 16 * n; i < 16 * (n + 1); i++) likelihood += Math.Log(pixels[i] == 1 ? p[i] : 1 - p[i]);
            for (int l = 3 * n; l < 3 * (n + 1); l++) divergence += 0.5 * (Math.Exp(log[l]) + mean[l] * mean[l] - 1 - log[l]);
            Assert.Equal(likelihood, bound.Reconstruction.At(n), 1e-4);
            Assert.Equal(divergence, bound.KlDivergence.At(n), 1e-5);
            Assert.Equal(likelihood - divergence, bound.Value.At(n), 1e-4);
        }
        Assert.Equal((4 * bound.KlDivergence - bound.Reconstruction).Mean().Item(), bound.Loss(4).Item(), 1e-5);
    }

    [Fact]
    public void GradientsReachEveryWeight()
    {
        var vae = Small();
        vae.To(DType.Float64);
        var x = Binary(4, 1, 4, 4).Cast(DType.Float64);
        vae.Bound(x, new Generator(3)).Loss(2).Backward();
        foreach (var (name, parameter) in vae.NamedParameters())
        {
            // Along the gradient the loss changes by its squared length.
            double length = parameter.Grad!.Square().Sum().Item();
            Assert.True(length > 0, name);
            const double Step = 1e-6;
            double Loss(double step)
            {
                using var noGrad = new NoGrad();
                var before = parameter.Detach().Clone();
                parameter.AddInPlace(parameter.Grad! * step);
                double loss = vae.Bound(x, new Generator(3)).Loss(2).Item();
                parameter.CopyFrom(before);
                return loss;
            }
            Assert.Equal(1, (Loss(Step) - Loss(-Step)) / (2 * Step * length), 1e-4);
        }
    }

    [Fact]
    public void WithMoreCodesTheBoundRisesToTheLikelihood()
    {
        // One latent: log ∫ p(x|z) p(z) dz is found on a grid.
        var vae = Small(latents: 1);
        vae.To(DType.Float64);
        var x = Binary(3, 1, 4, 4).Cast(DType.Float64);
        using var noGrad = new NoGrad();
        const int Places = 4001;
        var z = Tensor.Linspace(-8, 8, Places, DType.Float64).Reshape(Places, 1);
        var p = vae.Decode(z).Sigmoid().Flatten(1).Unsqueeze(0);
        var pixels = x.Flatten(1).Unsqueeze(1);
        var joint = (pixels * p.Log() + (1 - pixels) * (1 - p).Log()).Sum([2]) + GaussianCode.LogPrior(z);
        var exact = joint.LogSumExp(1) + Math.Log(16.0 / (Places - 1));
        double one = Mean(_ => vae.Bound(x).Value), tight = vae.ImportanceWeightedBound(x, 5000, new Generator(2)).Mean().Item();
        Assert.Equal(exact.Mean().Item(), tight, 0.01);
        Assert.True(one < tight, $"{one} {tight}");
        // With a single code the two are the same estimate.
        Assert.Equal(Mean(_ => vae.ImportanceWeightedBound(x, 1)), one, 0.02);

        double Mean(Func<int, Tensor> bound) => Enumerable.Range(0, 2000).Average(i => bound(i).Mean().Item());
    }

    [Fact]
    public void ShapesAreThoseOfTheImages()
    {
        foreach (var vae in new[] { VariationalAutoencoder.Dense([1, 8, 8], [10], 2), VariationalAutoencoder.Convolutional(1, 8, 2, width: 4) })
        {
            var x = Binary(3, 1, 8, 8);
            Assert.Equal(Shape.Create(3, 2), vae.Encode(x).Mean.Shape);
            Assert.Equal(x.Shape, vae.Forward(x).Shape);
            Assert.Equal(Shape.Create(5, 1, 8, 8), vae.Sample(5).Shape);
            Assert.Equal(Shape.Create(3), vae.Bound(x).Value.Shape);
            SavedModel.Again(vae, x);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameImages()
    {
        var vae = Small();
        Assert.Equal(vae.Sample(4, new Generator(9)).ToArray<float>(), vae.Sample(4, new Generator(9)).ToArray<float>());
        Assert.NotEqual(vae.Sample(4, new Generator(9)).ToArray<float>(), vae.Sample(4, new Generator(10)).ToArray<float>());
    }

    [Fact]
    public void ErrorsTeach()
    {
        Assert.Contains("the encoder must give [N, 2 latents] = [N, 8], but gave [3, 6]",
            Assert.Throws<ShapeException>(() => new VariationalAutoencoder(new Linear(5, 6), new Linear(4, 5), 4).Bound(Tensor.Ones(3, 5))).Message);
        Assert.Contains("z must be [N, latents] = [N, 3]", Assert.Throws<ShapeException>(() => Small().Decode(Tensor.Ones(2, 4))).Message);
        Assert.Contains("multiple of 4, not 30", Assert.Throws<ArgumentException>(() => VariationalAutoencoder.Convolutional(1, 30, 2)).Message);
    }
}
