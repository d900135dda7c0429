namespace Cajal.Models.Tests;

/// <summary>The network of a diffusion model.</summary>
public sealed class DiffusionUNetTests
{
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(2, 3, 12)]
    public void ThePredictionHasTheShapeOfTheImageAndStartsAtZero(int patch, int imageChannels, int side)
    {
        var net = new DiffusionUNet([8, 16], patch, imageChannels);
        var y = net.Forward(Tensor.Normal([3, imageChannels, side, side]), Tensor.From([0, 5, 999], 3));
        Assert.Equal(Shape.Create(3, imageChannels, side, side), y.Shape);
        Assert.Equal(0, y.Abs().Max().Item());
    }

    [Fact]
    public void TimesAreWaves()
    {
        var waves = new TimeEmbedding(8).Forward(Tensor.From([0.0, 3, 250], 3)).ToArray<float>();
        for (int n = 0; n < 3; n++)
        {
            for (int i = 0; i < 4; i++)
            {
                double angle = new[] { 0.0, 3, 250 }[n] * Math.Exp(-Math.Log(10_000) * i / 3);
                Assert.Equal(Math.Sin(angle), waves[n * 8 + i], 2e-5);
                Assert.Equal(Math.Cos(angle), waves[n * 8 + 4 + i], 2e-5);
            }
        }
    }

    [Fact]
    public void TheTimeAndEveryImageMatter()
    {
        using var scope = new Generator(2).Use();
        var net = Stirred(new([8, 16]));
        var x = Tensor.Normal([2, 1, 8, 8]);
        var y = net.Forward(x, Tensor.From([10, 10], 2));
        Assert.False(y.AllClose(net.Forward(x, Tensor.From([10, 900], 2)), 1e-3, 1e-3));
        // Images do not see each other.
        Assert.True(y.Narrow(0, 1, 1).AllClose(net.Forward(x.Narrow(0, 1, 1), Tensor.From([10], 1)), 1e-4, 1e-5));
    }

    [Fact]
    public void APatchIsFourChannelsOfItsOwn()
    {
        using var scope = new Generator(3).Use();
        var patched = Stirred(new([8, 16], patch: 2));
        var plain = new DiffusionUNet([8, 16], imageChannels: 4);
        plain.LoadStateDict(patched.StateDict());
        var pixels = Tensor.Normal([2, 4, 4, 4]);
        var times = Tensor.From([7, 70], 2);
        Assert.True(patched.Forward(pixels.PixelShuffle(2), times).AllClose(plain.Forward(pixels, times).PixelShuffle(2), 1e-6, 1e-6));
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        using var scope = new Generator(4).Use();
        var net = Stirred(new([4, 8], groups: 2));
        net.To(DType.Float64);
        var times = Tensor.From([3], 1);
        var report = GradientCheck.First(inputs => net.Forward(inputs[0], times), [Tensor.Normal([1, 1, 4, 4], dtype: DType.Float64)]);
        Assert.True(report.Passes(1e-6), report.ToString());
        net.Forward(Tensor.Normal([2, 1, 4, 4], dtype: DType.Float64), Tensor.From([3, 300], 2)).Square().Sum().Backward();
        Assert.All(net.NamedParameters(), named => Assert.True(named.Value.Grad is { } grad && grad.Abs().Max().Item() > 0, named.Key));
    }

    [Fact]
    public void ASavedOneReloadsWithoutCode()
    {
        var net = new DiffusionUNet([8, 16], patch: 2, imageChannels: 3, groups: 4, classes: 2);
        var again = ModuleDescription.Parse(net.Describe().ToJson()).Build();
        Assert.Equal(net.ToString(), again.ToString());
        Assert.Contains("DiffusionUNet(widths: [8, 16], patch: 2, imageChannels: 3, groups: 4, classes: 2)", net.ToString());
    }

    [Fact]
    public void LabelsChangeThePredictionAndGuidanceGoesBeyond()
    {
        var net = Stirred(new([4, 8], groups: 2, classes: 3));
        net.To(DType.Float64);
        var x = Tensor.Normal([2, 1, 4, 4], dtype: DType.Float64);
        Tensor times = Tensor.From([3, 300], 2), labels = Tensor.From([2L, 0], 2), none = Tensor.From([3L, 3], 2);
        using var scope = new NoGrad();
        Tensor told = net.Forward(x, times, labels), untold = net.Forward(x, times);
        Assert.True(untold.AllClose(net.Forward(x, times, none), 1e-12, 1e-12));
        Assert.False(told.AllClose(untold, 1e-3, 1e-3));
        Assert.True(net.Guided(labels, 0)(x, times).AllClose(told, 1e-12, 1e-12));
        Assert.True(net.Guided(labels, 0.5)(x, times).AllClose(told * 1.5 - untold * 0.5, 1e-10, 1e-10));
        Assert.Contains("one per image, [2]", Assert.Throws<ShapeException>(() => net.Forward(x, times, Tensor.From([1L], 1))).Message);
        Assert.Contains("no classes", Assert.Throws<InvalidOperationException>(() => new DiffusionUNet([8]).Forward(Tensor.Zeros(1, 1, 4, 4), Tensor.Zeros(1), Tensor.From([0L], 1))).Message);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("multiples of groups = 8, not [8, 12]", Assert.Throws<ArgumentException>(() => new DiffusionUNet([8, 12])).Message);
        Assert.Contains("width must be even", Assert.Throws<ArgumentException>(() => new TimeEmbedding(5)).Message);
        var net = new DiffusionUNet([8, 16], patch: 2);
        Assert.Equal(4, net.Stride);
        Assert.Contains("multiples of 4", Assert.Throws<ShapeException>(() => net.Forward(Tensor.Zeros(1, 1, 14, 14), Tensor.Zeros(1))).Message);
        Assert.Contains("one per image, [2]", Assert.Throws<ShapeException>(() => net.Forward(Tensor.Zeros(2, 1, 8, 8), Tensor.Zeros(1))).Message);
        Assert.Contains("[N, 8, H, W]", Assert.Throws<ShapeException>(() => new PlaceAttention(8).Forward(Tensor.Zeros(1, 4, 2, 2))).Message);
    }

    /// <summary>Moves every weight, so that nothing is multiplied by the zeros that layers start with.</summary>
    private static DiffusionUNet Stirred(DiffusionUNet net)
    {
        using var scope = new NoGrad();
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(parameter + Tensor.Normal(parameter.Shape, 0, 0.1));
        return net;
    }
}
