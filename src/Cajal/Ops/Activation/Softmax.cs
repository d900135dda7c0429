using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>
/// y = eˣ/Σ eˣ; dx = y (g - Σ g y). l = x - ln Σ eˣ; dx = g - eˡ Σ g. Shifted by the maximum, so ±1e4 is fine and -∞ is a mask (probability 0,
/// gradient 0). A line of nothing but -∞ gives NaN: it has no distribution.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>eˣ / Σ eˣ along an axis: probabilities that add up to 1 (Bridle 1990). A line of nothing but -∞ gives NaN.</summary>
        public Tensor Softmax(int axis = -1)
        {
            x = x.AsFloating();
            axis = x.Axis(axis, "Softmax");
            var y = AlongLast(x.Detach(), axis, static x => Backend.Of(x).Softmax(x, logarithm: false));
            return Tape.Record("Softmax", y, x, (Y: (Saved)y, Axis: axis), static (g, saved, _) =>
            {
                Tensor y = saved.Y;
                if (!GradMode.IsEnabled) return AlongLast(g, y, saved.Axis, static (g, y) => Backend.Of(g).SoftmaxBackward(g, y, logarithm: false));
                var weighted = g * y;
                return weighted - y * weighted.Sum(saved.Axis, keepAxes: true);
            });
        }

        /// <summary>x - ln Σ eˣ along an axis: the logarithm of <see cref="Softmax"/>. A line of nothing but -∞ gives NaN.</summary>
        public Tensor LogSoftmax(int axis = -1)
        {
            x = x.AsFloating();
            axis = x.Axis(axis, "LogSoftmax");
            var y = AlongLast(x.Detach(), axis, static x => Backend.Of(x).Softmax(x, logarithm: true));
            return Tape.Record("LogSoftmax", y, x, (Y: (Saved)y, Axis: axis), static (g, saved, _) =>
            {
                Tensor y = saved.Y;
                return GradMode.IsEnabled ? g - y.Exp() * g.Sum(saved.Axis, keepAxes: true)
                    : AlongLast(g, y, saved.Axis, static (g, y) => Backend.Of(g).SoftmaxBackward(g, y, logarithm: true));
            });
        }
    }

    private static Tensor AlongLast(Tensor x, int axis, Func<Tensor, Tensor> f) =>
        axis == x.Rank - 1 ? f(x) : f(x.Transpose(axis, -1)).Transpose(axis, -1).Contiguous();

    private static Tensor AlongLast(Tensor g, Tensor y, int axis, Func<Tensor, Tensor, Tensor> f) =>
        axis == y.Rank - 1 ? f(g, y) : f(g.Transpose(axis, -1), y.Transpose(axis, -1)).Transpose(axis, -1).Contiguous();
}
