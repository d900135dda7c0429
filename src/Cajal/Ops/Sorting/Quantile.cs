namespace Cajal;

/// <content>Order statistics with linear interpolation between neighbours.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The value below which a fraction <paramref name="q"/> of the elements along an axis lies, interpolated between the two nearest. NaN anywhere along
        /// the axis gives NaN.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">q is not between 0 and 1.</exception>
        /// <exception cref="ShapeException">The axis is empty.</exception>
        public Tensor Quantile(double q, int axis, bool keepAxis = false)
        {
            if (!(q >= 0 && q <= 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "Quantile: the fraction must lie between 0 and 1.");
            x = x.AsFloating();
            axis = x.Axis(axis, "Quantile");
            int length = x.Dims[axis];
            if (length == 0) throw new ShapeException($"Quantile: axis {axis} of {x.Shape} is empty.");
            double place = q * (length - 1);
            int below = (int)Math.Floor(place), above = Math.Min(below + 1, length - 1);
            double share = place - below;
            var sorted = x.Sort(axis).Values;
            var y = sorted.Narrow(axis, below, 1);
            if (share > 0) y += (sorted.Narrow(axis, above, 1) - y) * share;
            // NaN is sorted to the end; there it would be overlooked.
            var last = sorted.Detach().Narrow(axis, length - 1, 1);
            y = Tensor.Where(last.NotEqualTo(last), last, y);
            return keepAxis ? y : y.Squeeze(axis);
        }

        /// <summary>The middle value along an axis; the mean of the two middle ones when the length is even.</summary>
        public Tensor Median(int axis, bool keepAxis = false) => x.Quantile(0.5, axis, keepAxis);

        /// <summary>The middle one of all elements.</summary>
        public Tensor Median() => x.Reshape(-1).Median(0);
    }
}
