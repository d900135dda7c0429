namespace Cajal;

/// <content>Copies side by side. Gradients of the copies add up.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The whole tensor side by side, <c>times[i]</c> times along axis i: [2, 3] → [4, 9] for Repeat(2, 3). More numbers than axes add leading
        /// axes. (Expand repeats axes of length 1 without copying.)
        /// </summary>
        /// <exception cref="ShapeException">Fewer numbers than axes, or a negative one.</exception>
        public Tensor Repeat(params ReadOnlySpan<int> times)
        {
            if (times.Length < x.Rank) throw new ShapeException($"Repeat: {times.Length} numbers were given for a tensor of rank {x.Rank}, {x.Shape}; every axis needs one.");
            int extra = times.Length - x.Rank;
            // [r0, 1, r1, d1, ...]: each axis gets a partner that counts the copies, then both are joined.
            var apart = new int[2 * times.Length];
            var spread = new int[2 * times.Length];
            var joined = new int[times.Length];
            for (int axis = 0; axis < times.Length; axis++)
            {
                if (times[axis] < 0) throw new ShapeException($"Repeat: an axis cannot be repeated {times[axis]} times.");
                int length = axis < extra ? 1 : x.Dims[axis - extra];
                apart[2 * axis] = 1;
                apart[2 * axis + 1] = spread[2 * axis + 1] = length;
                spread[2 * axis] = times[axis];
                joined[axis] = times[axis] * length;
            }
            return x.Reshape(apart).Expand(spread).Reshape(joined);
        }

        /// <summary>Every position along an axis <paramref name="times"/> times in a row: [a, b] → [a, a, b, b].</summary>
        public Tensor RepeatInterleave(int times, int axis)
        {
            axis = x.Axis(axis, "RepeatInterleave");
            if (times < 0) throw new ShapeException($"RepeatInterleave: a position cannot be repeated {times} times.");
            int[] spread = [.. x.Dims[..(axis + 1)], times, .. x.Dims[(axis + 1)..]];
            int[] joined = [.. x.Dims[..axis], x.Dims[axis] * times, .. x.Dims[(axis + 1)..]];
            return x.Unsqueeze(axis + 1).Expand(spread).Reshape(joined);
        }

        /// <summary>Position i along an axis <c>times[i]</c> times in a row.</summary>
        /// <exception cref="ShapeException">There are not as many numbers as positions, or one is negative.</exception>
        public Tensor RepeatInterleave(ReadOnlySpan<int> times, int axis)
        {
            axis = x.Axis(axis, "RepeatInterleave");
            if (times.Length != x.Dims[axis]) throw new ShapeException($"RepeatInterleave: axis {axis} of {x.Shape} has {x.Dims[axis]} positions, but {times.Length} numbers were given.");
            var positions = new List<int>();
            for (int i = 0; i < times.Length; i++)
            {
                if (times[i] < 0) throw new ShapeException($"RepeatInterleave: position {i} cannot be repeated {times[i]} times.");
                for (int copy = 0; copy < times[i]; copy++) positions.Add(i);
            }
            return TakeRows(x, axis, Tensor.From(positions.ToArray(), positions.Count));
        }
    }
}
