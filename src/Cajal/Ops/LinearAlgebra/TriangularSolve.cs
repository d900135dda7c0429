using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>X = T⁻¹ B for a triangle T; dB = T⁻ᵀ dX, dT = the same triangle of -dB Xᵀ.</content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// The solution of T X = B by substitution, T being one triangle of this matrix (the other is not read): [B..., n, n], b [B..., n, m] → [B..., n, m].
        /// </summary>
        /// <param name="b">The right-hand sides; a vector [n] gives a vector.</param>
        /// <param name="upper">T is the upper triangle; the lower one otherwise.</param>
        /// <param name="transpose">Solve Tᵀ X = B instead.</param>
        /// <param name="unitDiagonal">Take the diagonal as ones, without reading it.</param>
        /// <exception cref="ShapeException">The matrix is not square, or b has not as many rows.</exception>
        /// <exception cref="LinearAlgebraException">An element of the diagonal is 0.</exception>
        public Tensor TriangularSolve(Tensor b, bool upper = false, bool transpose = false, bool unitDiagonal = false)
        {
            a = CheckMatrix(a, "TriangularSolve");
            b = b.AsFloating();
            Promote(ref a, ref b);
            // The transposed lower triangle is an upper one, of the transposed view.
            if (transpose) return a.T.TriangularSolve(b, !upper, false, unitDiagonal);
            if (b.Rank == 1) return a.TriangularSolve(b.Unsqueeze(-1), upper, false, unitDiagonal).Squeeze(-1);
            (a, b) = BroadcastSystem(a, b, "TriangularSolve");
            var x = Backend.Of(a).TriangularSolve(OneBatch(a), OneBatch(b), upper, unitDiagonal, out var failure);
            ThrowIfFailed(failure, a, pivot => $"TriangularSolve: the triangle is singular: element {pivot} of its diagonal is 0");
            x = x.View(b.Dims, null, 0);
            return Tape.Record("TriangularSolve", x, a, b, (A: (Saved)a, X: (Saved)(a.Node is null ? null : x), Upper: upper, Unit: unitDiagonal), static (g, saved, needs) =>
            {
                var right = saved.A.Value.TriangularSolve(g, saved.Upper, transpose: true, saved.Unit);
                if (!needs[0]) return (null, right);
                var outer = -right.MatMul(saved.X.Value.T);
                int inside = saved.Unit ? 1 : 0;
                return (saved.Upper ? outer.Triu(inside) : outer.Tril(-inside), needs[1] ? right : null);
            });
        }
    }
}
