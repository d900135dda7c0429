namespace Cajal.Tests.Tensors;

/// <summary>Making tensors, reading them, and what their types do to each other.</summary>
public class TensorTests
{
    [Fact]
    public void TensorsAreMadeFromValuesRangesAndPatterns()
    {
        Assert.Equal(new Shape([2, 3]), Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Shape);
        Assert.Equal(6, Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).At(1, -1));
        Assert.Equal([0L, 1, 2, 3], Tensor.Arange(4).ToArray<long>());
        Assert.Equal([1, 0.5, 0, -0.5], Tensor.Arange(1, -1, -0.5).ToArray<double>());
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], Tensor.Linspace(0, 1, 5).ToArray<double>());
        Assert.Equal([3], Tensor.Linspace(3, 3, 1).ToArray<double>());
        Assert.Equal([1, 0, 0, 1], Tensor.Eye(2).ToArray<double>());
        Assert.Equal([7, 7], Tensor.Full([2], 7, DType.Int32).ToArray<double>());
        Assert.Equal(0, Tensor.Zeros(0, 3).Count);
        Assert.Equal(1, Tensor.Ones((int[])[]).Count);
        var like = Tensor.ZerosLike(Tensor.Ones([2, 2], DType.Float64));
        Assert.Equal((DType.Float64, new Shape([2, 2])), (like.DType, like.Shape));
        Assert.Equal(Enumerable.Range(0, 20), Tensor.Permutation(20, new Generator(1)).ToArray<int>().Order());
    }

    [Fact]
    public void WhatCannotBeATensorIsRefused()
    {
        Assert.Contains("5 values were given for shape [2, 3], which holds 6", Assert.Throws<ShapeException>(() => Tensor.From(new float[5], 2, 3)).Message);
        Assert.Throws<ShapeException>(() => Tensor.Zeros(-1));
        Assert.Contains("2 GiB", Assert.Throws<ShapeException>(() => Tensor.Zeros(1 << 15, 1 << 15)).Message);
        Assert.Contains("step cannot be 0", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Arange(0, 1, 0)).Message);
        Assert.Contains("No tensor stores Decimal", Assert.Throws<NotSupportedException>(() => Tensor.From([1m])).Message);
        Assert.Contains("need Float32 or Float64", Assert.Throws<ShapeException>(() => Tensor.Normal([2], dtype: DType.Int64)).Message);
    }

    [Theory]
    [InlineData(DType.Bool, DType.Bool, DType.Int32)]
    [InlineData(DType.Bool, DType.Int64, DType.Int64)]
    [InlineData(DType.Int32, DType.Int64, DType.Int64)]
    [InlineData(DType.Int64, DType.Float32, DType.Float32)]
    [InlineData(DType.Float32, DType.Float64, DType.Float64)]
    public void OperatorsPromote(DType a, DType b, DType expected)
    {
        var (x, y) = (Tensor.Ones([3], a), Tensor.Ones([3], b));
        Assert.Equal((expected, expected), ((x + y).DType, (y * x).DType));
        Assert.Equal([2, 2, 2], (x + y).ToArray<double>());
    }

    [Fact]
    public void NumbersDoNotWidenArrays()
    {
        var x = Tensor.Ones(3);
        Assert.Equal(DType.Float32, (x * 0.1).DType);
        Assert.Equal(DType.Float32, (x * Tensor.Scalar(0.1)).DType);
        Assert.Equal(DType.Float64, (x * Tensor.From(new[] { 0.1 })).DType);
        Assert.Equal(DType.Int64, (Tensor.Arange(3) * 2).DType);
        Assert.Equal(DType.Float32, (Tensor.Arange(3) * 0.5).DType);
        Assert.Equal(DType.Float32, (Tensor.Arange(3) / 2).DType);
    }

    [Fact]
    public void CastsDropTheFraction()
    {
        var x = Tensor.From(new[] { -1.7, -0.2, 0, 0.9, 2.5 });
        Assert.Equal([-1L, 0, 0, 0, 2], x.Cast(DType.Int64).ToArray<long>());
        Assert.Equal([true, true, false, true, true], x.Cast(DType.Bool).ToArray<bool>());
        Assert.Same(x, x.Cast(DType.Float64));
    }

    // binary16 has 11 significant bits, bfloat16 eight; both round to nearest, ties to even.
    [Fact]
    public void HalfWidthFloatsStore()
    {
        var x = Tensor.From(new[] { 1f, 1.0009765625f, 65504f, 1e-8f, float.PositiveInfinity, float.NaN, -0f });
        float[] half = x.Cast(DType.Float16).Cast(DType.Float32).ToArray<float>();
        Assert.Equal([1f, 1.0009765625f, 65504f, 0f, float.PositiveInfinity, float.NaN, -0f], half);
        float[] brain = x.Cast(DType.BFloat16).Cast(DType.Float32).ToArray<float>();
        Assert.Equal([1f, 1f, 65536f, 1.00117176818e-8f, float.PositiveInfinity, float.NaN, -0f], brain);
        Assert.Equal((2, 2), (DType.Float16.Size, DType.BFloat16.Size));
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void HalfWidthFloatsDoNotCompute(DType dtype)
    {
        var x = Tensor.Ones([2, 2]).Cast(dtype);
        foreach (Action compute in new Action[] { () => _ = x + x, () => x.Exp(), () => x.Sum(), () => x.MatMul(x), () => x.Softmax() })
        {
            var error = Assert.ThrowsAny<Exception>(compute);
            Assert.Contains("Cast", error.Message);
            Assert.Contains(dtype.ToString(), error.Message);
        }
    }

    [Fact]
    public void SingleElementsAreRead()
    {
        var x = Tensor.Arange(6, DType.Float32).Reshape(2, 3);
        Assert.Equal(5, x.At(1, 2));
        Assert.Equal(3, x.T.At(0, -1));
        Assert.Equal(4, x[1, 1].Item());
        Assert.Equal(4, x[1, 1].Item<int>());
        Assert.Contains("3 indices were given for a tensor of rank 2", Assert.Throws<ShapeException>(() => x.At(0, 0, 0)).Message);
        Assert.Contains("index 3 is outside axis 1 of [2, 3]", Assert.Throws<ShapeException>(() => x.At(0, 3)).Message);
        Assert.Contains("exactly one number", Assert.Throws<ShapeException>(() => x.Item()).Message);
    }

    [Fact]
    public void ASpanWritesInto()
    {
        var x = Tensor.Zeros(2, 3);
        x.AsSpan<float>()[4] = 7;
        Assert.Equal(7, x.At(1, 1));
        Assert.Equal(7, x.T.At(1, 1));
        Assert.Contains("holds Float32, not Double", Assert.Throws<ShapeException>(() => x.AsSpan<double>()).Message);
        Assert.Contains("call Contiguous() first", Assert.Throws<ShapeException>(() => x.T.AsSpan<float>()).Message);
    }

    [Fact]
    public void ViewsShareWhatCopiesDoNot()
    {
        var x = Tensor.Arange(6, DType.Float64).Reshape(2, 3);
        var (view, copy) = (x.T, x.T.Contiguous());
        x.AddInPlace(Tensor.From(new double[] { 10, 20, 30 }));
        Assert.Equal([10, 13, 21, 24, 32, 35], view.ToArray<double>());
        Assert.Equal([0, 3, 1, 4, 2, 5], copy.ToArray<double>());
        Assert.Same(copy, copy.Contiguous());
        view.CopyFrom(Tensor.Scalar(1.0));
        Assert.Equal(6, x.Sum().Item());
        x.SubtractInPlace(Tensor.Ones([2, 1], DType.Float64)).MultiplyInPlace(5);
        Assert.Equal(0, x.Sum().Item());
    }

    [Fact]
    public void TensorsPrintAsOneReadsThem()
    {
        Assert.Equal("5", Tensor.Scalar(5f).ToString());
        Assert.Equal("true", Tensor.Scalar(true).ToString());
        Assert.Equal("[  1, -20]  [2] Int64", Tensor.From(new long[] { 1, -20 }).ToString());
        Assert.Equal("[[   1,  2.5],\n [  -3, 1000]]  [2, 2] Float32", Tensor.From(new float[,] { { 1, 2.5f }, { -3, 1000 } }).ToString());
        Assert.Equal("[]  [0] Float32", Tensor.Zeros(0).ToString());
        Assert.Equal("[  0,   1,   2, ..., 297, 298, 299]  [300] Int64", Tensor.Arange(300).ToString());
        Assert.Equal("[[0, 2],\n [1, 3]]  [2, 2] Int64", Tensor.Arange(4).Reshape(2, 2).T.ToString());
    }

    [Fact]
    public void ShapesAreValues()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal((3, 24, 4), (shape.Rank, shape.ElementCount, shape[^1]));
        Assert.True(shape == new Shape([2, 3, 4]) && shape != new Shape([2, 3]) && shape.GetHashCode() == new Shape([2, 3, 4]).GetHashCode());
        Assert.Equal("[2, 3, 4]", shape.ToString());
        Assert.Equal([2, 3, 4], shape);
        Assert.Equal(("[]", 1, 0), (default(Shape).ToString(), default(Shape).ElementCount, default(Shape).Rank));
    }
}
