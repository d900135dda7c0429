namespace Cajal;

/// <content>y = (Σ |x|ᵖ)^(1/p); dy/dx = sign(x) (|x|/y)^(p-1), taken as 0 where x is 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The p-norm over <paramref name="axes"/> (all when none is named): 1 sums magnitudes, 2 is the length, +∞ the largest magnitude, -∞ the
        /// smallest, 0 counts what is not zero.
        /// </summary>
        public Tensor Norm(double p = 2, ReadOnlySpan<int> axes = default, bool keepAxes = false)
        {
            x = x.AsFloating();
            _ = MarkAxes(x, axes, "Norm");
            if (double.IsNaN(p)) throw new ArgumentOutOfRangeException(nameof(p), "Norm: p must be a number.");
            if (p == 2) return RootFlatAtZero(x.Square().Sum(axes, keepAxes), 2);
            if (p == 1) return x.Abs().Sum(axes, keepAxes);
            if (p == 0) return x.NotEqualTo(0).Cast(x.DType).Sum(axes, keepAxes);
            if (double.IsInfinity(p)) return p > 0 ? x.Abs().Max(axes, keepAxes) : x.Abs().Min(axes, keepAxes);
            // Zeros are held out of the power, whose derivative there may be infinite.
            var zero = x.EqualTo(0);
            var powers = Tensor.Where(zero, p > 0 ? 0 : double.PositiveInfinity, Tensor.Where(zero, 1, x).Abs().Pow(p));
            return RootFlatAtZero(powers.Sum(axes, keepAxes), p);
        }
    }
}
