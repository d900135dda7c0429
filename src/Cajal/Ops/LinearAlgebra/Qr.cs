using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// A = Q R; dA = (dQ + Q sym(M)) R⁻ᵀ with M = R dRᵀ - dQᵀ Q, sym copying the lower triangle over the upper one (Walter and Lehmann 2012). The rule is linear
/// in dQ and dR, so each output carries its own share.
/// </content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// A [B..., m, n] = Q R with k = min(m, n): Q [B..., m, k] has orthonormal columns, R [B..., k, n] is upper triangular with a diagonal that is not negative.
        /// Gradients need the first k columns of A to be independent.
        /// </summary>
        /// <exception cref="ShapeException">A is not a matrix.</exception>
        public (Tensor Q, Tensor R) Qr()
        {
            a = CheckMatrix(a, "Qr", square: false);
            int m = a.Dims[^2], n = a.Dims[^1];
            if (m < n)
            {
                // Q comes from the left square alone, and the rest of R is what Qᵀ makes of the rest of A.
                var (left, triangle) = a.Narrow(-1, 0, m).Qr();
                return (left, Tensor.Concat([triangle, left.T.MatMul(a.Narrow(-1, m, n - m))], -1));
            }
            var (q, r) = Backend.Of(a).Qr(OneBatch(a));
            q = q.View(a.Dims, null, 0);
            r = r.View([.. a.Dims[..^2], n, n], null, 0);
            var saved = (Q: (Saved)q, R: (Saved)r);
            Tape.Record("Qr.Q", q, a, saved, static (g, saved, _) => QrGradient(g, -g.T.MatMul(saved.Q.Value), saved.Q, saved.R));
            Tape.Record("Qr.R", r, a, saved, static (g, saved, _) => QrGradient(null, saved.R.Value.MatMul(g.T), saved.Q, saved.R));
            return (q, r);
        }

        /// <summary>
        /// The x with the smallest |A x - b|: A [B..., m, n], b [B..., m, k] or [m] → [B..., n, k] or [n]. Where equations are fewer than unknowns, the
        /// shortest such x.
        /// </summary>
        /// <exception cref="ShapeException">b has not as many rows as A.</exception>
        /// <exception cref="LinearAlgebraException">The columns (rows, if they are fewer) of A are not independent.</exception>
        public Tensor LeastSquares(Tensor b)
        {
            a = CheckMatrix(a, "LeastSquares", square: false);
            if (b.Rank == 1) return a.LeastSquares(b.Unsqueeze(-1)).Squeeze(-1);
            if (b.Rank == 0 || b.Dims[^2] != a.Dims[^2]) throw new ShapeException($"LeastSquares: b must have one row per row of A: A {a.Shape}, b {b.Shape}.");
            if (a.Dims[^2] >= a.Dims[^1])
            {
                var (q, r) = a.Qr();
                return r.TriangularSolve(q.T.MatMul(b), upper: true);
            }
            var (rows, triangle) = a.T.Qr();
            return rows.MatMul(triangle.TriangularSolve(b, upper: true, transpose: true));
        }
    }

    private static Tensor QrGradient(Tensor? g, Tensor inner, Tensor q, Tensor r)
    {
        var symmetric = q.MatMul(inner.Tril() + inner.Tril(-1).T);
        var sum = g is null ? symmetric : g + symmetric;
        return r.TriangularSolve(sum.T, upper: true).T;
    }
}
