using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// A = U diag(s) Vᵀ; the gradient is that of Townsend, "Differentiating the singular value decomposition" (2016), split into the shares of the three outputs:
/// with Fᵢⱼ = 1 / (sⱼ² - sᵢ²), for U: U (Y + Yᵀ) S Vᵀ + (I - U Uᵀ) dU S⁻¹ Vᵀ, Y = F ∘ Uᵀ dU; for s: U diag(ds) Vᵀ; for V: as for U, mirrored.
/// </content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// Singular values and vectors of A [B..., m, n], k = min(m, n): U [B..., m, k] and Vᵀ [B..., k, n] with orthonormal columns and rows, S [B..., k] in descending order.
        /// The largest element of every column of U is positive (of every row of Vᵀ, if m is less than n). Gradients of the vectors need
        /// the values to differ from each other and from 0.
        /// </summary>
        /// <exception cref="ShapeException">A is not a matrix.</exception>
        public (Tensor U, Tensor S, Tensor Vt) Svd()
        {
            a = CheckMatrix(a, "Svd", square: false);
            if (a.Dims[^2] < a.Dims[^1])
            {
                var (right, values, left) = a.T.Svd();
                return (left.T, values, right.T);
            }
            int n = a.Dims[^1];
            var (u, s, vt) = Backend.Of(a).Svd(OneBatch(a));
            u = u.View(a.Dims, null, 0);
            s = s.View([.. a.Dims[..^2], n], null, 0);
            vt = vt.View([.. a.Dims[..^2], n, n], null, 0);
            var saved = (U: (Saved)u, S: (Saved)s, Vt: (Saved)vt);
            Tape.Record("Svd.U", u, a, saved, static (g, saved, _) => LeftGradient(g, saved.U, saved.S, saved.Vt));
            Tape.Record("Svd.S", s, a, saved, static (g, saved, _) => (saved.U.Value * g.Unsqueeze(-2)).MatMul(saved.Vt.Value));
            // Vᵀ is to Aᵀ what U is to A.
            Tape.Record("Svd.Vt", vt, a, saved, static (g, saved, _) => LeftGradient(g.T, saved.Vt.Value.T, saved.S, saved.U.Value.T).T);
            return (u, s, vt);
        }

        /// <summary>The singular values alone, in descending order: A [B..., m, n] → [B..., min(m, n)].</summary>
        public Tensor SingularValues() => a.Svd().S;
    }

    private static Tensor LeftGradient(Tensor g, Tensor u, Tensor s, Tensor vt)
    {
        var inner = u.T.MatMul(g);
        var y = inner * InverseDifferences(s.Square());
        var within = u.MatMul((y + y.T) * s.Unsqueeze(-2));
        // What dU has outside the span of U, none for square U.
        var outside = u.Dims[^2] == u.Dims[^1] ? within : within + (g - u.MatMul(inner)) / s.Unsqueeze(-2);
        return outside.MatMul(vt);
    }
}
