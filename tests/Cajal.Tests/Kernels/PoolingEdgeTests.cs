namespace Cajal.Tests.Kernels;

/// <summary>Who wins a window, and what may not leak into a sum.</summary>
public class PoolingEdgeTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void TheFirstOfEqualsReceivesTheGradient(DType dtype)
    {
        // Wide enough for whole vectors, then a tail; every window holds four equal numbers.
        var x = Tensor.Ones([1, 1, 4, 70], dtype).WithGrad();
        x.MaxPool2d(2).Sum().Backward();
        double[] gradient = x.Grad!.ToArray<double>();
        for (int i = 0; i < gradient.Length; i++) Assert.Equal(i / 70 % 2 == 0 && i % 70 % 2 == 0 ? 1 : 0, gradient[i]);
    }

    [Theory]
    [InlineData(DType.Float32, 2)]
    [InlineData(DType.Float64, 2)]
    [InlineData(DType.Float32, 3)]
    [InlineData(DType.Float32, 1)]
    public void AmongEqualsTheUpperRowWinsOverTheLeftColumn(DType dtype, int stride)
    {
        // The largest number stands at the right of the upper row and at the left of the lower one.
        int width = 4 * 16 * stride + 2;
        var values = new double[2 * width];
        for (int w = 0; w + 1 < width; w += Math.Max(2, stride)) (values[w + 1], values[width + w]) = (5, 5);
        var x = Tensor.From(values, 1, 1, 2, width).Cast(dtype).WithGrad();
        var y = x.MaxPool2d(2, (1, Math.Max(2, stride)));
        y.Sum().Backward();
        double[] gradient = x.Grad!.ToArray<double>();
        for (int w = 0; w + 1 < width; w += Math.Max(2, stride))
        {
            Assert.Equal(1, gradient[w + 1]);
            Assert.Equal(0, gradient[width + w]);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void NanWinsWhereverItStands(DType dtype)
    {
        for (int position = 0; position < 4; position++)
        {
            var values = new double[4 * 70];
            for (int i = 0; i < values.Length; i++) values[i] = i % 2 == 0 ? double.PositiveInfinity : i;
            for (int w = 0; w < 70; w += 2) values[position / 2 * 70 + w + position % 2] = double.NaN;
            var x = Tensor.From(values, 1, 1, 4, 70).Cast(dtype).WithGrad();
            var y = x.MaxPool2d(2);
            double[] top = y.ToArray<double>();
            for (int i = 0; i < top.Length; i++) Assert.Equal(i < 35 ? double.NaN : double.PositiveInfinity, top[i]);
            y.Backward(Tensor.OnesLike(y));
            for (int w = 0; w < 70; w += 2) Assert.Equal(1, x.Grad!.At(0, 0, position / 2, w + position % 2));
        }
    }

    [Fact]
    public void MinusInfinityCanWin()
    {
        var x = Tensor.Full([1, 1, 4, 4], double.NegativeInfinity).WithGrad();
        var y = x.MaxPool2d(3, 2, 1);
        Assert.All(y.ToArray<float>(), value => Assert.Equal(float.NegativeInfinity, value));
        y.Backward(Tensor.OnesLike(y));
        Assert.Equal(4, x.Grad!.Sum().Item());
        Assert.Equal(1, x.Grad!.At(0, 0, 0, 0));
    }

    /// <summary>The corner pixel lies under no tap of the last row and column but the last one's, so the others stay finite; in every kernel.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(8, 1)]
    public void ANanReachesOnlyTheTapsThatSeeIt(int channels, int groups)
    {
        var x = Tensor.Ones(1, channels, 5, 21);
        for (int c = 0; c < channels; c++) x.Narrow(1, c, 1).Narrow(2, 0, 1).Narrow(3, 0, 1).Fill(double.NaN);
        var w = Tensor.Ones(channels, channels / groups, 3, 3).WithGrad();
        x.Conv2d(w, padding: 1, groups: groups).Backward(Tensor.Ones(1, channels, 5, 21));
        double[] gradient = w.Grad!.ToArray<double>();
        // Tap (kh, kw) reads pixel (0, 0) for output (1 - kh, 1 - kw), which exists for kh, kw ≤ 1.
        for (int i = 0; i < gradient.Length; i++) Assert.Equal(i % 9 / 3 <= 1 && i % 3 <= 1, double.IsNaN(gradient[i]));
    }

    [Fact]
    public void ANanReachesOnlyTheOutputsThatSeeIt()
    {
        var x = Tensor.Ones(1, 2, 6, 21);
        x.Narrow(2, 2, 1).Narrow(3, 20, 1).Fill(double.NaN);
        double[] y = x.Conv2d(Tensor.Ones(13, 2, 3, 3), padding: 1).ToArray<double>();
        for (int i = 0; i < y.Length; i++) Assert.Equal(i / 21 % 6 is >= 1 and <= 3 && i % 21 >= 19, double.IsNaN(y[i]));
    }
}
