using Cajal.Autodiff;

namespace Cajal;

/// <content>s² = Σ (x - x̄)² / (n - c); ds²/dx = 2(x - x̄)/(n - c). s = √s², flat at 0.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The variance over <paramref name="axes"/> (all when none is named), in two passes.</summary>
        /// <param name="axes">The axes that are reduced.</param>
        /// <param name="correction">c: 1 for a sample (the default), 0 for a whole population.</param>
        /// <param name="keepAxes">Keep the reduced axes with length 1.</param>
        public Tensor Var(ReadOnlySpan<int> axes = default, double correction = 1, bool keepAxes = false) => Variance("Var", x, axes, correction, keepAxes);

        /// <summary>The standard deviation over <paramref name="axes"/> (all when none is named); its gradient at 0 is 0.</summary>
        /// <inheritdoc cref="Var"/>
        public Tensor Std(ReadOnlySpan<int> axes = default, double correction = 1, bool keepAxes = false) => RootFlatAtZero(Variance("Std", x, axes, correction, keepAxes), 2);
    }

    private static Tensor Variance(string op, Tensor x, ReadOnlySpan<int> axes, double correction, bool keepAxes)
    {
        x = x.AsFloating();
        var marked = MarkAxes(x, axes, op);
        double freedom = Math.Max(0, CountOf(x, marked) - correction);
        var plain = x.Detach();
        var y = (plain - plain.Mean(axes, keepAxes: true)).Square().Sum(axes, keepAxes: true) / freedom;
        y = Tape.Record("Var", y, x, (X: (Saved)x, Axes: axes.ToArray(), Freedom: freedom), static (g, saved, _) =>
            g * (2 / saved.Freedom) * (saved.X.Value - saved.X.Value.Mean(saved.Axes, keepAxes: true)));
        return keepAxes ? y : DropAxes(y, marked);
    }

    /// <summary>x^(1/p) for x ≥ 0, whose derivative at 0 is taken as 0: a length does not change when nothing does.</summary>
    internal static Tensor RootFlatAtZero(Tensor x, double p)
    {
        var y = p == 2 ? x.Detach().Sqrt() : x.Detach().Pow(1 / p);
        return Tape.Record("Root", y, x, (X: (Saved)x, P: p), static (g, saved, _) =>
        {
            Tensor x = saved.X;
            var zero = x.EqualTo(0);
            var safe = Tensor.Where(zero, 1, x);
            return g * Tensor.Where(zero, 0, (saved.P == 2 ? safe.Rsqrt() : safe.Pow(1 / saved.P - 1)) / saved.P);
        });
    }
}
