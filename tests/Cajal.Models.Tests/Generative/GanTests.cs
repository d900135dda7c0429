namespace Cajal.Models.Tests;

/// <summary>Generators, discriminators and critics, and what they minimise.</summary>
public sealed class GanTests
{
    [Fact]
    public void InThePapersSizeTheyHaveTheParametersOfPyTorchsExample()
    {
        var generator = new DcganGenerator(latent: 100, channels: 64, side: 64, imageChannels: 3);
        var discriminator = new DcganDiscriminator(channels: 64, side: 64, imageChannels: 3);
        Assert.Equal(3_576_704, generator.ParameterCount);
        Assert.Equal(2_765_568, discriminator.ParameterCount);
        Assert.Equal(["main.0.weight", "main.1.weight", "main.1.bias", "main.3.weight"], generator.NamedParameters().Select(named => named.Key).Take(4));
        Assert.Equal(["main.0.weight", "main.2.weight", "main.3.weight", "main.3.bias", "main.5.weight"], discriminator.NamedParameters().Select(named => named.Key).Take(5));
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(28, 1)]
    [InlineData(20, 3)]
    [InlineData(32, 2)]
    public void ImagesOfManySidesGoInAndOut(int side, int channels)
    {
        var generator = new DcganGenerator(5, 2, side, channels);
        var images = generator.Forward(generator.Noise(3));
        Assert.Equal(Shape.Create(3, channels, side, side), images.Shape);
        Assert.True(images.Abs().Max().Item() <= 1);
        Assert.Equal(Shape.Create(3, 1), new DcganDiscriminator(2, side, channels).Forward(images).Shape);
        Assert.Equal(Shape.Create(3, 1), new Critic(2, side, channels).Forward(images).Shape);
    }

    [Theory]
    [InlineData(7)] // no doubling
    [InlineData(18)] // 9 · 2
    [InlineData(6)] // 3 · 2 is below the smallest square
    public void OtherSidesAreRefused(int side)
    {
        Assert.Contains("m · 2ᵏ", Assert.Throws<ArgumentException>(() => new DcganGenerator(side: side)).Message);
        Assert.Contains($"not {side}", Assert.Throws<ArgumentException>(() => new Critic(side: side)).Message);
    }

    [Fact]
    public void OtherShapesAreRefused()
    {
        Assert.Contains("[N, latent = 64]", Assert.Throws<ShapeException>(() => new DcganGenerator().Forward(Tensor.Zeros(2, 32))).Message);
        Assert.Contains("[N, 1, 28, 28]", Assert.Throws<ShapeException>(() => new DcganDiscriminator().Forward(Tensor.Zeros(2, 1, 32, 32))).Message);
        Assert.Contains("[N, 1, 28, 28]", Assert.Throws<ShapeException>(() => new Critic().Forward(Tensor.Zeros(2, 784))).Message);
        Assert.Contains("must come in pairs", Assert.Throws<ShapeException>(() => AdversarialLosses.GradientPenalty(x => x, Tensor.Zeros(2, 4), Tensor.Zeros(3, 4))).Message);
    }

    [Fact]
    public void TheCriticTreatsImagesIndependently()
    {
        var critic = new Critic(4, 8);
        Tensor first = Tensor.Normal([1, 1, 8, 8]), second = Tensor.Normal([1, 1, 8, 8]);
        var together = critic.Forward(Tensor.Concat([first, second]));
        Assert.True(together.Narrow(0, 0, 1).AllClose(critic.Forward(first), 1e-5, 1e-5));
        Assert.DoesNotContain(critic.Modules(), module => module is BatchNorm);
    }

    [Fact]
    public void LossesAreThoseOfThePapers()
    {
        Tensor real = Tensor.From([1.5, -0.5], 2, 1), fake = Tensor.From([-2.0, 0.25], 2, 1);
        double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
        double discriminator = -(Math.Log(Probability(1.5)) + Math.Log(Probability(-0.5)) + Math.Log(1 - Probability(-2)) + Math.Log(1 - Probability(0.25))) / 2;
        double generator = -(Math.Log(Probability(-2)) + Math.Log(Probability(0.25))) / 2;
        Assert.Equal(discriminator, AdversarialLosses.Discriminator(real, fake).Item(), 1e-12);
        Assert.Equal(generator, AdversarialLosses.Generator(fake).Item(), 1e-12);
        Assert.Equal(-0.875 - 0.5, AdversarialLosses.Critic(real, fake).Item(), 1e-12);
    }

    [Fact]
    public void ThePenaltyOfALinearCriticIsKnown()
    {
        // D(x) = w · x has the slope w everywhere: penalty (‖w‖ - 1)², its gradient 2 (‖w‖ - 1) w / ‖w‖.
        var weight = Tensor.Variable([3.0, 0, 4], 3, 1);
        Tensor real = Tensor.Normal([6, 3], dtype: DType.Float64), fake = Tensor.Normal([6, 3], dtype: DType.Float64);
        var penalty = AdversarialLosses.GradientPenalty(x => x.MatMul(weight), real, fake);
        Assert.Equal(16, penalty.Item(), 1e-9);
        penalty.Backward();
        Assert.True(weight.Grad!.AllClose(Tensor.From([4.8, 0, 6.4], 3, 1), 1e-9, 1e-9));
    }

    [Fact]
    public void ThePenaltyIsTakenBetweenRealAndGeneratedImages()
    {
        // D(x) = ½ ‖x‖² has the slope x; with real = 5 e and fake = 2 e the slopes' norms lie between 2 and 5.
        var e = Tensor.From([0.6, 0.8], 1, 2).Repeat(200, 1);
        var norms = new List<double>();
        AdversarialLosses.GradientPenalty(
            x =>
            {
                norms.AddRange(x.Detach().Square().Sum(1).Sqrt().ToArray<double>());
                return x.Square().Sum(1) * 0.5;
            }, 5 * e, 2 * e, new Generator(3));
        Assert.All(norms, norm => Assert.InRange(norm, 2, 5));
        Assert.InRange(norms.Average(), 3.3, 3.7);
    }

    [Fact]
    public void ThePenaltysGradientGoesThroughTheSlope()
    {
        using var scope = new Generator(5).Use();
        var critic = new Critic(channels: 2, side: 8);
        critic.To(DType.Float64);
        Tensor real = Tensor.Normal([2, 1, 8, 8], dtype: DType.Float64), fake = Tensor.Normal([2, 1, 8, 8], dtype: DType.Float64);
        critic.ZeroGrad();
        Penalty().Backward();
        const double Step = 1e-6;
        foreach (var (key, parameter) in critic.NamedParameters())
        {
            if (key.EndsWith("bias", StringComparison.Ordinal)) continue; // the slope does not depend on it, but for kinks
            double[] slope = parameter.Grad!.ToArray<double>(), values = parameter.ToArray<double>();
            for (int i = 0; i < values.Length; i += 5)
            {
                double numerical = (At(i, Step) - At(i, -Step)) / (2 * Step);
                Assert.Equal(numerical, slope[i], 1e-6);
            }

            double At(int element, double shift)
            {
                double[] moved = [.. values];
                moved[element] += shift;
                using (new NoGrad()) parameter.CopyFrom(Tensor.From(moved, moved.Length).Reshape(parameter.Shape));
                double value = Penalty().Item();
                using (new NoGrad()) parameter.CopyFrom(Tensor.From(values, values.Length).Reshape(parameter.Shape));
                return value;
            }
        }

        Tensor Penalty() => AdversarialLosses.GradientPenalty(critic.Forward, real, fake, new Generator(1));
    }

    [Fact]
    public void SameSeedSameBitsOnAnyNumberOfThreads()
    {
        int before = Compute.Threads;
        try
        {
            Compute.Threads = 1;
            float[] one = Gradients();
            Compute.Threads = 2;
            Assert.Equal(one, Gradients());
        }
        finally
        {
            Compute.Threads = before;
        }

        static float[] Gradients()
        {
            using var scope = new Generator(11).Use();
            var (generator, critic) = (new DcganGenerator(8, 4, 16), new Critic(4, 16));
            Tensor real = Tensor.Normal([4, 1, 16, 16]), fake = generator.Forward(generator.Noise(4));
            (AdversarialLosses.Critic(critic.Forward(real), critic.Forward(fake)) + AdversarialLosses.GradientPenalty(critic.Forward, real, fake)).Backward();
            return [.. generator.Parameters().Concat(critic.Parameters()).SelectMany(parameter => parameter.Grad!.ToArray<float>())];
        }
    }
}
