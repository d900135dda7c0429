namespace Cajal.Backends;

/// <summary>Batches of matrices [N, rows, columns], Float32 or Float64. A failure names the matrix and the pivot.</summary>
internal abstract partial class Backend
{
    /// <summary>X with A X = B, by elimination with row exchanges: a [N, n, n], b [N, n, m].</summary>
    internal abstract Tensor Solve(Tensor a, Tensor b, out (int Matrix, int Place)? failure);

    /// <summary>X with T X = B, reading one triangle of t.</summary>
    internal abstract Tensor TriangularSolve(Tensor t, Tensor b, bool upper, bool unitDiagonal, out (int Matrix, int Place)? failure);

    /// <summary>The determinants [N].</summary>
    internal abstract Tensor Determinant(Tensor a);

    /// <summary>The signs [N] and the logarithms [N] of the absolute values of the determinants.</summary>
    internal abstract (Tensor Sign, Tensor Log) LogDeterminant(Tensor a);

    /// <summary>L with L Lᵀ = A, reading the lower triangle.</summary>
    internal abstract Tensor Cholesky(Tensor a, out (int Matrix, int Place)? failure);

    /// <summary>A = Q R for m ≥ n: q [N, m, n], r [N, n, n], the diagonal of r not negative.</summary>
    internal abstract (Tensor Q, Tensor R) Qr(Tensor a);

    /// <summary>Ascending eigenvalues [N, n] and, in columns, eigenvectors [N, n, n] of symmetric matrices, reading the lower triangle.</summary>
    internal abstract (Tensor Values, Tensor Vectors) EigenSymmetric(Tensor a, out (int Matrix, int Place)? failure);

    /// <summary>A = U diag(s) Vᵀ for m ≥ n: u [N, m, n], s [N, n] descending, vt [N, n, n].</summary>
    internal abstract (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a);
}
