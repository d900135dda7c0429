using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// A = V diag(λ) Vᵀ; dA = V (diag(dλ) + F ∘ Vᵀ dV) Vᵀ with Fᵢⱼ = 1 / (λⱼ - λᵢ), made symmetric. The rule is linear in dλ and dV, so each output carries its
/// own share.
/// </content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>
        /// Eigenvalues and eigenvectors of symmetric A [B..., n, n], of which the lower triangle is read: values [B..., n] ascending, vectors in the columns of [B..., n, n], of
        /// length 1, their largest element positive. Gradients of the vectors need the values to differ.
        /// </summary>
        /// <exception cref="ShapeException">A is not square.</exception>
        /// <exception cref="LinearAlgebraException">The iteration did not converge, which no finite matrix is known to cause.</exception>
        public (Tensor Values, Tensor Vectors) EigenSymmetric()
        {
            a = CheckMatrix(a, "EigenSymmetric");
            var (values, vectors) = Backend.Of(a).EigenSymmetric(OneBatch(a), out var failure);
            ThrowIfFailed(failure, a, place => $"EigenSymmetric: eigenvalue {place} did not converge");
            values = values.View(a.Dims[..^1], null, 0);
            vectors = vectors.View(a.Dims, null, 0);
            Tape.Record("EigenSymmetric.Values", values, a, (Saved)vectors, static (g, saved, _) =>
            {
                Tensor v = saved;
                return (v * g.Unsqueeze(-2)).MatMul(v.T);
            });
            Tape.Record("EigenSymmetric.Vectors", vectors, a, (Values: (Saved)values, Vectors: (Saved)vectors), static (g, saved, _) =>
            {
                Tensor v = saved.Vectors;
                var inner = v.T.MatMul(g) * InverseDifferences(saved.Values.Value);
                var outer = v.MatMul(inner).MatMul(v.T);
                return (outer + outer.T) * 0.5;
            });
            return (values, vectors);
        }

        /// <summary>The eigenvalues alone, in ascending order. Their gradient exists wherever they differ.</summary>
        /// <inheritdoc cref="EigenSymmetric(Tensor)"/>
        public Tensor EigenvaluesSymmetric() => a.EigenSymmetric().Values;
    }

    /// <summary>x [B..., n] → 1 / (xⱼ - xᵢ) at [B..., i, j], 0 on the diagonal.</summary>
    private static Tensor InverseDifferences(Tensor x)
    {
        var unit = Tensor.Eye(x.Dims[^1], x.DType);
        return (1 - unit) / (x.Unsqueeze(-2) - x.Unsqueeze(-1) + unit);
    }
}
