namespace Cajal;

/// <content>Cyclic shifts: y[(i + shift) mod L] = x[i].</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Moves the elements along an axis by <paramref name="shift"/> places; those that leave at one end enter at the other.</summary>
        public Tensor Roll(int shift, int axis)
        {
            axis = x.Axis(axis, "Roll");
            int length = x.Dims[axis];
            if (length == 0) return x;
            int by = (int)(((long)shift % length + length) % length);
            return by == 0 ? x.Clone() : Tensor.Concat([x.Narrow(axis, length - by, by), x.Narrow(axis, 0, length - by)], axis);
        }

        /// <summary>Rolls along several axes, each by its own shift.</summary>
        /// <exception cref="ShapeException">There are not as many shifts as axes.</exception>
        public Tensor Roll(ReadOnlySpan<int> shifts, ReadOnlySpan<int> axes)
        {
            if (shifts.Length != axes.Length) throw new ShapeException($"Roll: every axis needs one shift, but {shifts.Length} shifts and {axes.Length} axes were given.");
            var y = x;
            for (int i = 0; i < axes.Length; i++) y = y.Roll(shifts[i], axes[i]);
            return y;
        }

        /// <summary>Rolls the elements in row-major order, as if they stood in one line.</summary>
        public Tensor Roll(int shift) => x.Reshape(-1).Roll(shift, 0).Reshape(x.Shape);
    }
}
