using Cajal.Autodiff;

namespace Cajal;

/// <content>Softmax and its logarithm, shifted by the maximum so that nothing overflows; a row of -∞ gives NaN, as it has no distribution.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>ln Σ eˣ along an axis, without overflow.</summary>
        public Tensor LogSumExp(int axis = -1, bool keepAxes = false)
        {
            x = x.AsFloating();
            axis = x.Axis(axis, "LogSumExp");
            var shift = x.Detach().Max([axis], keepAxes: true);
            shift = Tensor.Where(shift.Abs() < double.PositiveInfinity, shift, 0);
            var y = (x - shift).Exp().Sum(axis, keepAxes: true).Log() + shift;
            return keepAxes ? y : y.Squeeze(axis);
        }

        /// <summary>x - ln Σ eˣ along an axis: the logarithm of <see cref="Softmax"/>.</summary>
        public Tensor LogSoftmax(int axis = -1)
        {
            x = x.AsFloating();
            axis = x.Axis(axis, "LogSoftmax");
            var plain = x.Detach();
            var y = plain - plain.LogSumExp(axis, keepAxes: true);
            return Tape.Record("LogSoftmax", y, x, (Y: (Saved)y, Axis: axis), static (g, saved, _) => g - saved.Y.Value.Exp() * g.Sum(saved.Axis, keepAxes: true));
        }

        /// <summary>eˣ / Σ eˣ along an axis: probabilities that add up to 1.</summary>
        public Tensor Softmax(int axis = -1)
        {
            x = x.AsFloating();
            axis = x.Axis(axis, "Softmax");
            var plain = x.Detach();
            var powers = (plain - plain.Max([axis], keepAxes: true)).Exp();
            var y = powers / powers.Sum(axis, keepAxes: true);
            return Tape.Record("Softmax", y, x, (Y: (Saved)y, Axis: axis), static (g, saved, _) =>
            {
                var weighted = g * saved.Y.Value;
                return weighted - saved.Y.Value * weighted.Sum(saved.Axis, keepAxes: true);
            });
        }
    }
}
