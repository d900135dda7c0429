using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>d det A = det A · A⁻ᵀ, d log|det A| = A⁻ᵀ.</content>
public static partial class TensorOps
{
    extension(Tensor a)
    {
        /// <summary>The determinant: A [B..., n, n] → [B...]. Its gradient needs A to be invertible.</summary>
        /// <exception cref="ShapeException">A is not square.</exception>
        public Tensor Determinant()
        {
            a = CheckMatrix(a, "Determinant");
            var y = Backend.Of(a).Determinant(OneBatch(a)).View(a.Dims[..^2], null, 0);
            return Tape.Record("Determinant", y, a, (A: (Saved)a, Y: (Saved)y),
                static (g, saved, _) => OnMatrices(g * saved.Y.Value) * saved.A.Value.Inverse().T);
        }

        /// <summary>
        /// The sign of the determinant and the logarithm of its absolute value, which does not overflow: A [B..., n, n] → [B...] each; 0 and -∞ for singular A.
        /// The sign has no gradient.
        /// </summary>
        /// <exception cref="ShapeException">A is not square.</exception>
        public (Tensor Sign, Tensor Log) LogDeterminant()
        {
            a = CheckMatrix(a, "LogDeterminant");
            var (sign, log) = Backend.Of(a).LogDeterminant(OneBatch(a));
            log = log.View(a.Dims[..^2], null, 0);
            log = Tape.Record("LogDeterminant", log, a, (Saved)a, static (g, saved, _) => OnMatrices(g) * saved.Value.Inverse().T);
            return (sign.View(a.Dims[..^2], null, 0), log);
        }
    }

    /// <summary>[B...] → [B..., 1, 1], to scale matrices.</summary>
    private static Tensor OnMatrices(Tensor x) => x.Unsqueeze(-1).Unsqueeze(-1);
}
