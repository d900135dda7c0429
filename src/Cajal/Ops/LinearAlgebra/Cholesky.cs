using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// A = L Lᵀ; dA = the symmetric part of L⁻ᵀ Φ(Lᵀ dL) L⁻¹, Φ taking the lower triangle with half its diagonal (Murray 2016, arXiv:1602.07527).
/// </content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// The lower triangular L with positive diagonal and L Lᵀ = A, for symmetric positive definite A [B..., n, n]. Only the lower triangle of A is read; the gradient
        /// is symmetric.
        /// </summary>
        /// <exception cref="ShapeException">A is not square.</exception>
        /// <exception cref="LinearAlgebraException">A is not positive definite; the message names the pivot.</exception>
        public Tensor Cholesky()
        {
            a = CheckMatrix(a, "Cholesky");
            var l = Backend.Of(a).Cholesky(OneBatch(a), out var failure);
            ThrowIfFailed(failure, a, pivot => $"Cholesky: the matrix is not positive definite: pivot {pivot} is not positive");
            l = l.View(a.Dims, null, 0);
            return Tape.Record("Cholesky", l, a, (Saved)l, static (g, saved, _) =>
            {
                Tensor l = saved;
                var inner = l.T.MatMul(g);
                var phi = inner.Tril() - inner.Diagonal().DiagonalMatrix() * 0.5;
                var left = l.TriangularSolve(phi, transpose: true);
                var both = l.TriangularSolve(left.T, transpose: true);
                return (both + both.T) * 0.5;
            });
        }
    }
}
