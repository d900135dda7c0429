using Cajal.Models;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>8-bit products and what is built on them.</summary>
public class QuantisedTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 7, 33)]
    [InlineData(5, 16, 17)]
    [InlineData(9, 255, 40)]
    [InlineData(64, 300, 130)]
    public void ProductsAreExact(int m, int k, int n)
    {
        var random = new Generator((ulong)(m * 1000 + k * 10 + n));
        Tensor a = Tensor.Integers([m, k], 0, 256, random), b = Tensor.Integers([k, n], -128, 128, random);
        int[] rows = Pairs.Rows(a.ToArray<int>(), m, k, [7]), columns = Pairs.Columns(b.ToArray<int>(), k, n, []);
        var sums = new int[m * PairProduct.Padded(n)];
        PairProduct.Run(m, n, Pairs.Count(k), rows, columns, sums);
        long[] expected = (a - 7).MatMul(b).ToArray<long>();
        for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) Assert.Equal(expected[i * n + j], sums[i * PairProduct.Padded(n) + j]);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(3, 1, 2, 2)]
    [InlineData(3, 2, 0, 1)]
    public void ConvolutionsAreExact(int kernel, int stride, int padding, int groups)
    {
        var random = new Generator(5);
        Tensor x = Tensor.Integers([2, 4, 9, 8], 0, 256, random), w = Tensor.Integers([6, 4 / groups, kernel, kernel], -128, 128, random);
        Tensor expected = (x - 100).Cast(DType.Float64).Conv2d(w.Cast(DType.Float64), null, stride, padding, default, groups);
        WindowAxis Axis(int length) => new(length, kernel, stride, 1, padding, padding, (length + 2 * padding - kernel) / stride + 1);
        var y = IntegerConvolution.Run(x.Cast(DType.Int32), 100, Pairs.Rows(w.ToArray<int>(), 6, w.Count / 6, []), x.Shape.ToArray(), 6, groups, Axis(9), Axis(8));
        Assert.Equal(expected.ToArray<int>(), y.ToArray<int>());
    }

    [Fact]
    public void AQuantisedNetworkIsNearTheOriginalHereAndInOnnxRuntime()
    {
        using var scratch = new Scratch();
        using var random = new Generator(8).Use();
        var net = Architectures.Cnn(1, 28, 10);
        net.Eval();
        var calibration = Enumerable.Range(0, 4).Select(_ => Tensor.Uniform([16, 1, 28, 28])).ToArray();
        OnnxQuantiser.Save(net, calibration, scratch["q.onnx"]);
        var quantised = OnnxModel.Load(scratch["q.onnx"], new() { Trainable = false });
        Assert.Equal(2, quantised.OperatorCounts["ConvInteger"]);
        Assert.Equal(2, quantised.OperatorCounts["MatMulInteger"]);
        Assert.DoesNotContain("QuantizeLinear", quantised.OperatorCounts.Keys);
        var x = Tensor.Uniform([8, 1, 28, 28]);
        using var plain = new NoGrad();
        Tensor expected = net.Call(x), actual = quantised.Forward(x);
        double span = (expected.Max() - expected.Min()).Item();
        Assert.True((actual - expected).Abs().Max().Item() < 0.02 * span, $"off by {(actual - expected).Abs().Max().Item()} of {span}");
        Assert.True(Runtime.Run(scratch["q.onnx"], x)[0].AllClose(actual, 1e-4, 1e-5), "ONNX Runtime computes something else");
    }
}
