namespace Cajal.Models.Tests;

/// <summary>Noising and sampling against Ho et al.'s posterior and against data whose best denoiser is known.</summary>
public sealed class GaussianDiffusionTests
{
    private static readonly NoiseSchedule Short = new([0.1, 0.2, 0.3, 0.4]);

    [Theory]
    [InlineData(DiffusionTarget.Noise)]
    [InlineData(DiffusionTarget.Image)]
    [InlineData(DiffusionTarget.Velocity)]
    public void WhatIsWantedGivesTheImageBack(DiffusionTarget target)
    {
        var diffusion = new GaussianDiffusion(NoiseSchedule.Linear(), target);
        Tensor images = Tensor.Normal([3, 2, 4, 4], dtype: DType.Float64), noise = Tensor.Normal([3, 2, 4, 4], dtype: DType.Float64);
        int[] times = [0, 400, 999];
        var back = diffusion.Denoised(diffusion.Noised(images, times, noise), times, diffusion.Wanted(images, times, noise));
        Assert.True(back.AllClose(images, 1e-9, 1e-9));
    }

    [Fact]
    public void NoiseTakesTheShareThatTheScheduleSays()
    {
        var diffusion = new GaussianDiffusion(Short);
        var noised = diffusion.Noised(Tensor.From([10.0], 1, 1), [2], Tensor.From([1.0], 1, 1)).Item();
        double signal = 0.9 * 0.8 * 0.7;
        Assert.Equal(10 * Math.Sqrt(signal) + Math.Sqrt(1 - signal), noised, 1e-12);
    }

    [Fact]
    public void EveryStepOfDdpmIsThePosteriorOfHoEtAl()
    {
        // μ̃ = √ᾱ₋ β / (1 - ᾱ) x₀ + √α (1 - ᾱ₋) / (1 - ᾱ) x_t and β̃ = (1 - ᾱ₋) / (1 - ᾱ) β (their equation 7), with an x₀ that the network always says.
        const double Image = 0.3, Start = -1.7;
        var diffusion = new GaussianDiffusion(Short, DiffusionTarget.Image);
        var seen = new List<double>();
        diffusion.SampleDdpm((x, _) => Tensor.Full(x.Shape, Image, x.DType), Tensor.From([Start], 1, 1), random: new Generator(4), watch: step => seen.Add(step.Noisy.Item()));
        var random = new Generator(4);
        double at = Start;
        for (int t = 3; t >= 0; t--)
        {
            double beta = Short.Betas[t], here = Short.Signals[t], next = t == 0 ? 1 : Short.Signals[t - 1];
            double mean = Math.Sqrt(next) * beta / (1 - here) * Image + Math.Sqrt(1 - beta) * (1 - next) / (1 - here) * at;
            double deviation = Math.Sqrt((1 - next) / (1 - here) * beta);
            at = mean + (deviation > 0 ? deviation * Tensor.Normal([1, 1], dtype: DType.Float64, generator: random).Item() : 0);
            Assert.Equal(at, seen[3 - t], 1e-12);
        }
        Assert.Equal(Image, at, 1e-12);
    }

    [Theory]
    [InlineData(0.0, 1000, 0.01)]
    [InlineData(0.0, 100, 0.05)]
    [InlineData(1.0, 1000, 0.01)]
    [InlineData(0.5, 1000, 0.01)]
    public void WithTheBestDenoiserSamplesAreSpreadAsTheData(double eta, int steps, double bias)
    {
        // For data N(0.4, 0.3²) the best estimate of x₀ is linear in x_t.
        const double Mean = 0.4, Deviation = 0.3;
        const int Count = 4_000;
        var schedule = NoiseSchedule.Cosine();
        var diffusion = new GaussianDiffusion(schedule, DiffusionTarget.Image);
        var samples = diffusion.Sample(Best, Tensor.Normal([Count, 1], dtype: DType.Float64, generator: new Generator(1)), steps, eta, random: new Generator(2));
        double mean = samples.Mean().Item(), deviation = samples.Std().Item();
        Assert.Equal(Mean, mean, bias + 4 * Deviation / Math.Sqrt(Count));
        Assert.Equal(Deviation, deviation, bias + 4 * Deviation / Math.Sqrt(2 * Count));

        Tensor Best(Tensor x, Tensor times)
        {
            double signal = schedule.Signals[(int)times.Narrow(0, 0, 1).Item()], variance = Deviation * Deviation;
            double gain = Math.Sqrt(signal) * variance / (signal * variance + 1 - signal);
            return (x - Math.Sqrt(signal) * Mean) * gain + Mean;
        }
    }

    [Fact]
    public void WithoutFreshNoiseANoiseAlwaysBecomesTheSameImage()
    {
        var diffusion = new GaussianDiffusion(NoiseSchedule.Cosine(50));
        var noise = Tensor.Normal([2, 3]);
        var first = diffusion.SampleDdim((x, _) => x * 0.5, noise, 10);
        Assert.True(first.AllClose(diffusion.SampleDdim((x, _) => x * 0.5, noise, 10), 0, 0));
        Assert.False(first.AllClose(diffusion.Sample((x, _) => x * 0.5, noise, 10, eta: 1), 1e-3, 1e-3));
    }

    [Fact]
    public void EstimatesAreHeldWithinTheImagesBounds()
    {
        var estimates = new List<double>();
        new GaussianDiffusion(Short, DiffusionTarget.Image).SampleDdim((x, _) => x * 100, Tensor.From([2.0, -2], 2, 1), 4, (-1, 1), step => estimates.Add(step.Image.Abs().Max().Item()));
        Assert.Equal([1, 1, 1, 1], estimates);
    }

    [Fact]
    public void TheLossOfANetworkThatKnowsIsNothing()
    {
        // Images of zeros: x_t = s ε, so the noise can be read off.
        var schedule = NoiseSchedule.Linear(100);
        var diffusion = new GaussianDiffusion(schedule, DiffusionTarget.Noise);
        var images = Tensor.Zeros([8, 5], DType.Float64);
        Assert.Equal(0, diffusion.Loss(Knowing, images).Item(), 1e-20);
        Assert.InRange(diffusion.Loss((x, _) => x * 0, images).Item(), 0.4, 1.9); // ε² itself, of mean 1

        Tensor Knowing(Tensor x, Tensor times) =>
            x / Tensor.From([.. times.ToArray<int>().Select(t => Math.Sqrt(1 - schedule.Signals[t]))], times.Count, 1);
    }

    [Fact]
    public void TimesOfABatchAreSpreadOverTheSchedule()
    {
        var seen = new List<int>();
        var diffusion = new GaussianDiffusion(NoiseSchedule.Linear(1000));
        for (int trial = 0; trial < 50; trial++)
        {
            diffusion.Loss((x, times) =>
            {
                int[] each = times.ToArray<int>();
                for (int n = 0; n < 10; n++) Assert.InRange(each[n], 100 * n, 100 * n + 99);
                seen.AddRange(each);
                return x;
            }, Tensor.Zeros(10, 2), new Generator((ulong)trial));
        }
        Assert.InRange(seen.Select(t => t % 100).Average(), 35, 64);
        Assert.InRange(seen.Select(t => t % 100).Distinct().Count(), 30, 50);
    }

    [Fact]
    public void CentralTimesAreThoseOfALogisticDistribution()
    {
        var central = GaussianDiffusion.Central(shift: 0.3, spread: 0.5);
        foreach (double even in new[] { 0.01, 0.3, 0.5, 0.99 }) Assert.Equal(1 / (1 + Math.Exp(-(0.3 + 0.5 * Math.Log(even / (1 - even))))), central(even), 1e-12);
        Assert.Equal(0, central(0));
        Assert.Equal(1, central(1));
        Assert.Equal(0.37, GaussianDiffusion.Central(spread: 1)(0.37), 1e-12);

        // Of evenly spread numbers the median becomes σ(0.3), and none lies outside the schedule.
        var seen = new List<int>();
        var diffusion = new GaussianDiffusion(NoiseSchedule.Linear(1000));
        diffusion.Loss((x, times) =>
        {
            seen.AddRange(times.ToArray<int>());
            return x;
        }, Tensor.Zeros(1001, 2), new Generator(1), central);
        Assert.Equal(574, seen[500], 2.0);
        Assert.All(seen, t => Assert.InRange(t, 0, 999));
    }

    [Fact]
    public void WhatLiesOutsideTheScheduleIsRefused()
    {
        var diffusion = new GaussianDiffusion(Short);
        var x = Tensor.Zeros(2, 3);
        Assert.Contains("run from 0 to 3, but that of image 1 is 4", Assert.Throws<ShapeException>(() => diffusion.Noised(x, [0, 4], x)).Message);
        Assert.Contains("one time per image", Assert.Throws<ShapeException>(() => diffusion.Noised(x, [0], x)).Message);
        Assert.Contains("must have the shape of the images", Assert.Throws<ShapeException>(() => diffusion.Noised(x, [0, 1], Tensor.Zeros(2))).Message);
        Assert.Contains("between 1 and 4 can be visited", Assert.Throws<ArgumentOutOfRangeException>(() => diffusion.SampleDdim((z, _) => z, x, 5)).Message);
        Assert.Contains("between 0 (DDIM) and 1 (DDPM)", Assert.Throws<ArgumentOutOfRangeException>(() => diffusion.Sample((z, _) => z, x, 2, 1.5)).Message);
    }
}
