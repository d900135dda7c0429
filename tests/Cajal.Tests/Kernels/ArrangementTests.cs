namespace Cajal.Tests.Kernels;

/// <summary>Weights that are kept in the order of the kernels: the same bits as without, and never the weights of before.</summary>
public class ArrangementTests
{
    public static TheoryData<int, int, int, bool, DType> Products => new()
    {
        { 4, 2, 1, false, DType.Float32 }, { 5, 33, 70, false, DType.Float32 }, { 64, 256, 784, false, DType.Float32 }, { 300, 40, 20, true, DType.Float32 },
        { 7, 2100, 600, false, DType.Float32 }, { 9, 2100, 1100, true, DType.Float32 }, { 6, 47, 300, false, DType.Float64 }, { 40, 200, 300, true, DType.Float64 },
    };

    [Theory]
    [MemberData(nameof(Products))]
    public void DenseLayersGiveTheSameBits(int m, int n, int k, bool turned, DType dtype)
    {
        var random = new Generator((ulong)(m + n + k));
        Tensor x = Tensor.Normal([m, k], dtype: dtype, generator: random), w = turned ? Tensor.Normal([k, n], dtype: dtype, generator: random).T : Tensor.Normal([n, k], dtype: dtype, generator: random), b = Tensor.Normal([n], dtype: dtype, generator: random);
        var first = x.Linear(w, b);
        Assert.True(first.AllClose(x.MatMul(w.T) + b, 1e-4, 1e-4));
        for (int time = 0; time < 2; time++) Assert.True(x.Linear(w, b).AllClose(first, 0, 0));
        if (n * k > 1024) Assert.NotNull(w.Arrangement);
        // The few rows that need no panels sum in another order.
        foreach (int rows in new[] { 1, 4, m / 2 }) if (rows > 0) Assert.True(x.Narrow(0, 0, rows).Linear(w, b).AllClose(first.Narrow(0, 0, rows), 1e-4, 1e-3));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void ConvolutionsGiveTheSameBits(int kernel)
    {
        var random = new Generator(3);
        Tensor x = Tensor.Normal([2, 16, 39, 42], generator: random), w = Tensor.Normal([40, 16, kernel, kernel], generator: random), b = Tensor.Normal([40], generator: random);
        var first = x.Conv2d(w, b, padding: 1);
        for (int time = 0; time < 2; time++) Assert.True(x.Conv2d(w, b, padding: 1).AllClose(first, 0, 0));
        Assert.NotNull(w.Arrangement);
        // Another stride reads the same filters in other layers.
        var far = x.Conv2d(w, b, stride: 2, padding: 1);
        Assert.True(far.AllClose(x.Cast(DType.Float64).Conv2d(w.Cast(DType.Float64), b.Cast(DType.Float64), stride: 2, padding: 1).Cast(DType.Float32), 1e-3, 1e-3));
        w.MultiplyInPlace(2);
        Assert.True(x.Conv2d(w, padding: 1).AllClose((first - b.Reshape(40, 1, 1)) * 2, 1e-3, 1e-3));
    }

    [Fact]
    public void ChangedWeightsCount()
    {
        var random = new Generator(2);
        Tensor x = Tensor.Normal([8, 50], generator: random);
        var layer = new Linear(50, 60);
        using (new NoGrad()) for (int time = 0; time < 3; time++) layer.Forward(x);
        Assert.NotNull(layer.Weight.Arrangement);
        layer.Forward(x).Square().Sum().Backward();
        new Sgd(layer, 0.1).Step();
        Check("a step");
        layer.Weight.Fill(0.25);
        Check("a fill");
        layer.Weight.Narrow(0, 3, 5).Detach().Fill(7);
        Check("a view");
        var span = layer.Weight.AsSpan<float>();
        Check("a span");
        span[17] = 100;
        Check("what was written through a span");

        void Check(string what)
        {
            using var plain = new NoGrad();
            for (int time = 0; time < 3; time++) Assert.True(layer.Forward(x).AllClose(x.MatMul(layer.Weight.T) + layer.Bias!, 1e-4, 1e-4), what);
        }
    }
}
