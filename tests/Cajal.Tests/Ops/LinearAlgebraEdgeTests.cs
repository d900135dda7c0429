namespace Cajal.Tests.Ops;

/// <summary>Matrices that have no inverse, no root, no determinant but zero.</summary>
public class LinearAlgebraEdgeTests
{
    private static readonly Tensor Singular = Tensor.From(new double[,] { { 2, 4, 6 }, { 1, 2, 3 }, { 1, 1, 1 } });

    private static string Fails(Action call) => Assert.Throws<LinearAlgebraException>(call).Message;

    [Fact]
    public void WhatCannotBeSolvedIsNamed()
    {
        var ones = Tensor.Ones([3, 1], DType.Float64);
        Assert.Contains("Solve: the matrix is singular: column ", Fails(() => Singular.Solve(ones)));
        Assert.Contains("Inverse: the matrix is singular", Fails(() => Singular.Inverse()));
        Assert.Contains("MatrixPower: the matrix is singular", Fails(() => Singular.MatrixPower(-1)));
        Assert.Contains("not positive definite: pivot 1 is not positive", Fails(() => Tensor.From(new double[,] { { 1, 2 }, { 2, 1 } }).Cholesky()));
        Assert.Contains("element 1 of its diagonal is 0", Fails(() => Tensor.From(new double[,] { { 1, 0 }, { 2, 0 } }).TriangularSolve(Tensor.Ones([2, 1], DType.Float64))));
    }

    [Fact]
    public void OfABatchTheMatrixIsNamed()
    {
        var batch = Tensor.Stack([Tensor.Eye(3, DType.Float64), Singular, Tensor.Eye(3, DType.Float64)]);
        Assert.Contains("matrix 1", Fails(() => batch.Inverse()), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void TheDeterminantOfASingularMatrixIsZero()
    {
        Assert.Equal(0, Singular.Determinant().Item(), 1e-12);
        Assert.Equal(0, Tensor.Zeros([3, 3], DType.Float64).Determinant().Item());
        var (sign, log) = Tensor.Zeros([2, 2], DType.Float64).LogDeterminant();
        Assert.Equal((0, double.NegativeInfinity), (sign.Item(), log.Item()));
        Assert.Equal(-1, Tensor.From(new double[,] { { 0, 1 }, { 1, 0 } }).LogDeterminant().Sign.Item());
    }

    [Fact]
    public void EqualEigenvaluesAndZeroSingularValuesAreFound()
    {
        Assert.Equal([2, 2, 2], (Tensor.Eye(3, DType.Float64) * 2).EigenvaluesSymmetric().ToArray<double>());
        double[] values = Singular.SingularValues().ToArray<double>();
        Assert.True(values[0] > values[1] && values[1] > 0.1 && values[2] < 1e-12);
        Assert.Equal([0, 0], Tensor.Zeros([2, 5], DType.Float64).SingularValues().ToArray<double>());
    }
}
