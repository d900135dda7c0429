using Cajal.Backends;

namespace Cajal;

/// <content>y[a, i[a, j, c], c] = s[a, j, c], elsewhere y = x. The gradient goes to whichever element was written or kept.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// x with elements replaced along an axis: for axis 1 of a matrix, <c>y[n, indices[n, j]] = source[n, j]</c>. Of several elements sent
        /// to one place, the last in row-major order stays.
        /// </summary>
        /// <param name="axis">The axis along which places are named.</param>
        /// <param name="indices">Int64 or Int32, of the rank of x; along the other axes at most as long as x. Negative ones count from the end.</param>
        /// <param name="source">The new elements, of the shape of <paramref name="indices"/>.</param>
        /// <exception cref="ShapeException">An index lies outside the axis, or shapes do not fit.</exception>
        public Tensor Scatter(int axis, Tensor indices, Tensor source)
        {
            axis = x.Axis(axis, "Scatter");
            CheckIndexShape(x, indices, axis, "Scatter");
            CheckSourceShape(source, indices, "Scatter");
            var positions = CheckedPositions(indices, x, axis, "Scatter");
            if (indices.Count == 0) return x;
            return Replace(x, Backend.Of(x).LastWriter(axis, positions, x.Dims[axis]), source);
        }

        /// <summary>x with a number written along an axis at the places named by <paramref name="indices"/>.</summary>
        public Tensor Scatter(int axis, Tensor indices, double value) => x.Scatter(axis, indices, ScalarLike(x, value).Expand(indices.Shape));
    }

    /// <summary>
    /// Elements of <paramref name="source"/> wherever <paramref name="writers"/> (a corner of x, Int32) names one by its row-major place; x where it holds -1.
    /// </summary>
    private static Tensor Replace(Tensor x, Tensor writers, Tensor source)
    {
        if (x.Shape != writers.Shape)
        {
            var whole = Tensor.Full(x.Shape, -1, DType.Int32);
            Backend.Of(x).Copy(writers, whole.View(writers.Dims, whole.Strides, 0));
            writers = whole;
        }
        // -1 takes zeros, which the mask then replaces by x.
        var incoming = TakeRows(source.Cast(x.DType).Reshape(-1), 0, writers.View([writers.Count], null, 0)).Reshape(x.Shape);
        return x.DType == DType.Bool
            ? Tensor.Where(writers >= 0, incoming, x).Cast(DType.Bool)
            : Tensor.Where(writers >= 0, incoming, x);
    }
}
