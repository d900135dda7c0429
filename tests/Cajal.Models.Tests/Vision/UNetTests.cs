namespace Cajal.Models.Tests.Vision;

/// <summary>U-Net: its shapes, its definition, what is refused, and what is taken over from another.</summary>
public sealed class UNetTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void EveryPixelGetsItsLogits(int depth, bool skips)
    {
        var net = new UNet(3, 5, width: 4, depth, skips);
        Assert.Equal(Shape.Create(2, 5, 16, 24), net.Call(Tensor.Zeros(2, 3, 16, 24)).Shape);
    }

    [Fact]
    public void ThePapersNetworkHasItsParameters()
    {
        // 3 x 3 filters without bias and 2 numbers per channel of normalisation, twice per block; 2 x 2 filters with bias on the way up; 1 x 1 with bias at the end.
        static long Block(long from, long to) => 9 * from * to + 9 * to * to + 4 * to;
        long expected = Block(1, 64) + Block(64, 128) + Block(128, 256) + Block(256, 512) + Block(512, 1024);
        foreach (long channels in new long[] { 512, 256, 128, 64 }) expected += 4 * 2 * channels * channels + channels + Block(2 * channels, channels);
        Assert.Equal(expected + 64 * 2 + 2, new UNet(1, 2, width: 64, depth: 4).ParameterCount);
    }

    [Fact]
    public void WithoutSkipsTheNetIsNoSmaller() => Assert.True(new UNet(1, 2, 8, 3, skips: false).ParameterCount > new UNet(1, 2, 8, 3).ParameterCount);

    [Fact]
    public void TheFunctionIsTheOneOfThePaper()
    {
        using var random = new Generator(4).Use();
        var net = new UNet(1, 2, width: 3, depth: 1);
        net.To(DType.Float64);
        net.Eval();
        var w = net.StateDict();
        var x = Tensor.Normal(Shape.Create(2, 1, 6, 4), dtype: DType.Float64);
        var above = Block(x, "encoder.0");
        var below = Block(above.MaxPool2d(2), "encoder.1");
        var back = below.ConvTranspose2d(w["up.0.weight"], w["up.0.bias"], 2);
        var expected = Block(Tensor.Concat([above, back], 1), "decoder.0").Conv2d(w["head.weight"], w["head.bias"]);
        Assert.True(net.Call(x).AllClose(expected, 1e-10, 1e-10));

        Tensor Block(Tensor y, string key)
        {
            foreach (int part in new[] { 1, 2 }) y = (y.Conv2d(w[$"{key}.conv{part}.weight"], null, 1, 1) / Math.Sqrt(1 + 1e-5)).Relu(); // fresh statistics: mean 0, variance 1
            return y;
        }
    }

    [Fact]
    public void OnlySkipsCarryDetailPastTheBottom()
    {
        // With the way up cut, a net with skips still sees single pixels; one without sees nothing.
        foreach (bool skips in new[] { true, false })
        {
            var net = new UNet(1, 1, width: 4, depth: 2, skips);
            net.Eval();
            foreach (var (key, tensor) in net.StateDict())
            {
                if (key.StartsWith("up.0", StringComparison.Ordinal)) tensor.AsSpan<float>().Clear();
            }
            var answer = net.Call(Tensor.Uniform(Shape.Create(1, 1, 8, 8), generator: new Generator(1)));
            Assert.Equal(skips, answer.Max().Item() > answer.Min().Item());
        }
    }

    [Fact]
    public void SidesThatCannotBeHalvedAreRefused()
    {
        var error = Assert.Throws<ShapeException>(() => new UNet(1, 2, 4, depth: 3).Call(Tensor.Zeros(1, 1, 24, 20)));
        Assert.Contains("multiples of 8", error.Message);
        Assert.Contains("[1, 1, 24, 20]", error.Message);
    }

    [Fact]
    public void AllButTheLastLayerIsTakenOver()
    {
        UNet from = new(1, 11, 4, 2), to = new(1, 3, 4, 2);
        var headBefore = to.Head.Weight.Clone();
        to.TakeOver(from);
        var (given, taken) = (from.StateDict(), to.StateDict());
        foreach (string key in given.Keys.Where(key => !key.StartsWith("head", StringComparison.Ordinal))) Assert.True(given[key].AllClose(taken[key], 0, 0), key);
        Assert.True(to.Head.Weight.AllClose(headBefore, 0, 0));
        Assert.Throws<StateDictException>(() => to.TakeOver(new UNet(1, 3, 8, 2)));
    }

    [Fact]
    public void GradientsReachEveryWeight()
    {
        var net = new UNet(1, 2, width: 2, depth: 2);
        net.Call(Tensor.Normal(Shape.Create(2, 1, 8, 8), generator: new Generator(2))).Square().Sum().Backward();
        Assert.All(net.NamedParameters(), named => Assert.True(named.Value.Grad is { } gradient && gradient.Abs().Sum().Item() > 0, named.Key));
    }
}
