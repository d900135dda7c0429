using Cajal.Backends;

namespace Cajal;

/// <content>Values in order of size. Each sorted value passes its gradient to the element it is.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The positions along an axis in order of the values there, as Int64 of the shape of x. Stable: equal values keep their order, in
        /// both directions. NaN counts as the largest value.
        /// </summary>
        public Tensor ArgSort(int axis = -1, bool descending = false)
        {
            if (x.Rank == 0) return Tensor.Zeros(x.Shape, DType.Int64);
            axis = x.Axis(axis, "ArgSort");
            x = x.Detach();
            return axis == x.Rank - 1 ? Backend.Of(x).SortRows(x, descending) : Backend.Of(x).SortRows(x.Transpose(axis, -1), descending).Transpose(axis, -1);
        }

        /// <summary>The values along an axis in order of size, and where they stood (Int64). Order as in <see cref="ArgSort"/>.</summary>
        public (Tensor Values, Tensor Indices) Sort(int axis = -1, bool descending = false)
        {
            var indices = x.ArgSort(axis, descending);
            return (x.Rank == 0 ? x.Clone() : x.Gather(axis, indices), indices);
        }

        /// <summary>
        /// The <paramref name="k"/> largest (or smallest) values along an axis, the most extreme first, and where they stood (Int64). Among equal values the
        /// earlier comes first.
        /// </summary>
        /// <exception cref="ShapeException">The axis has fewer than k positions.</exception>
        public (Tensor Values, Tensor Indices) TopK(int k, int axis = -1, bool largest = true)
        {
            axis = x.Axis(axis, "TopK");
            if (k < 0 || k > x.Dims[axis]) throw new ShapeException($"TopK: {k} values cannot be taken from axis {axis} of {x.Shape}, which has {x.Dims[axis]}.");
            var indices = x.ArgSort(axis, largest).Narrow(axis, 0, k).Contiguous();
            return (x.Gather(axis, indices), indices);
        }
    }
}
