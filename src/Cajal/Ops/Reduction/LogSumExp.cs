using Cajal.Autodiff;

namespace Cajal;

/// <content>y = ln Σ eˣ = m + ln Σ e^(x-m), m the maximum; dx = g e^(x-y).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>ln Σ eˣ over <paramref name="axes"/> (all when none is named), without overflow; -∞ where every element is, with gradient 0.</summary>
        public Tensor LogSumExp(ReadOnlySpan<int> axes, bool keepAxes = false)
        {
            x = x.AsFloating();
            var marked = MarkAxes(x, axes, "LogSumExp");
            var plain = x.Detach();
            var y = CountOf(x, marked) == 0 ? plain.Sum(axes, keepAxes: true) + double.NegativeInfinity : Shifted(plain, axes);
            y = Tape.Record("LogSumExp", y, x, (X: (Saved)x, Y: (Saved)y), static (g, saved, _) =>
            {
                // A line of nothing but -∞ has no weights: 0 in place of its own -∞ makes every one of them e^-∞ = 0.
                var y = Tensor.Where(saved.Y.Value.EqualTo(double.NegativeInfinity), 0, saved.Y);
                return g * (saved.X.Value - y).Exp();
            });
            return keepAxes ? y : DropAxes(y, marked);
        }

        /// <summary>ln Σ eˣ along one axis, without overflow.</summary>
        public Tensor LogSumExp(int axis = -1, bool keepAxes = false) => x.LogSumExp([axis], keepAxes);
    }

    private static Tensor Shifted(Tensor x, ReadOnlySpan<int> axes)
    {
        var shift = x.Max(axes, keepAxes: true);
        shift = Tensor.Where(shift.Abs() < double.PositiveInfinity, shift, 0);
        return (x - shift).Exp().Sum(axes, keepAxes: true).Log() + shift;
    }
}
