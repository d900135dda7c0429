using CsCheck;

namespace Cajal.Tests.Properties;

/// <summary>Products and decompositions put back together.</summary>
public class MatrixProperties
{
    private static readonly Gen<(int Rows, int Columns, int Batch, int Seed)> Case = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 3], Draw.Seed);

    [Fact]
    public void ProductsTransposeAndAssociate() => Case.Sample((rows, columns, batch, seed) =>
    {
        Tensor a = Draw.Real([batch, rows, columns], seed), b = Draw.Real([columns, rows], seed + 1), c = Draw.Real([batch, rows, 2], seed + 2);
        return Draw.Near(a.MatMul(b).T, b.T.MatMul(a.T)) && Draw.Near(a.MatMul(b).MatMul(c), a.MatMul(b.MatMul(c)), 1e-9)
            && Draw.Near(a.MatMul(b), Tensor.Einsum("nij,jk->nik", a, b)) && Draw.Near(a.MatMul(b).Trace(), Tensor.Einsum("nij,ji->n", a, b));
    });

    [Fact]
    public void DecompositionsMultiplyBack() => Case.Sample((rows, columns, batch, seed) =>
    {
        var a = Draw.Real([batch, rows, columns], seed);
        var (q, r) = a.Qr();
        var (u, s, vt) = a.Svd();
        int rank = Math.Min(rows, columns);
        var unit = Tensor.Eye(rank, DType.Float64).Expand(batch, rank, rank);
        return Draw.Near(q.MatMul(r), a, 1e-9) && Draw.Near(q.T.MatMul(q), unit, 1e-9) && Draw.Near(r.Triu(), r)
            && Draw.Near((u * s.Unsqueeze(-2)).MatMul(vt), a, 1e-9) && Draw.Near(u.T.MatMul(u), unit, 1e-9) && (s >= 0).All().Item() == 1
            && Draw.Near(s.Square().Sum([-1]), a.Square().Sum([-2, -1]), 1e-9);
    });

    [Fact]
    public void PositiveMatricesFactorAndSolve() => Case.Sample((n, columns, batch, seed) =>
    {
        var root = Draw.Real([batch, n, n], seed);
        var a = root.MatMul(root.T) + Tensor.Eye(n, DType.Float64);
        var b = Draw.Real([batch, n, columns], seed + 1);
        var factor = a.Cholesky();
        var (values, vectors) = a.EigenSymmetric();
        return Draw.Near(factor.MatMul(factor.T), a, 1e-9) && Draw.Near(a.MatMul(a.Solve(b)), b, 1e-8) && Draw.Near((vectors * values.Unsqueeze(-2)).MatMul(vectors.T), a, 1e-8)
            && (values >= 0.999).All().Item() == 1 && Draw.Near(values.Prod([-1]), a.Determinant(), 1e-7) && Draw.Near(a.LogDeterminant().Log, values.Log().Sum([-1]), 1e-8)
            && Draw.Near(factor.TriangularSolve(b), factor.Solve(b), 1e-8);
    });
}
