namespace Cajal;

/// <content>y = x, plus s[a, j, c] at [a, i[j], c]; the gradient of s is the gradient of y at the indices.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// x [A..., L, C...] with rows of <paramref name="source"/> [A..., I, C...] added at <paramref name="indices"/> [I] along an axis. Indices may repeat:
        /// their rows add up, in the order in which they are given.
        /// </summary>
        /// <exception cref="ShapeException">An index lies outside the axis, or the shape of the source does not fit.</exception>
        public Tensor IndexAdd(int axis, Tensor indices, Tensor source)
        {
            axis = x.Axis(axis, "IndexAdd");
            var positions = CheckedPositions(indices, x, axis, "IndexAdd");
            int[] expected = [.. x.Dims[..axis], indices.Count, .. x.Dims[(axis + 1)..]];
            if (indices.Rank != 1) throw new ShapeException($"IndexAdd: indices must have one axis, not {indices.Shape}.");
            if (!source.Dims.AsSpan().SequenceEqual(expected)) throw new ShapeException($"IndexAdd: for x {x.Shape} and {indices.Count} indices along axis {axis} the source must be {Shape.Format(expected)}, not {source.Shape}.");
            Promote(ref x, ref source);
            return x + SumRows(source, axis, positions, x.Dims[axis]);
        }

        /// <inheritdoc cref="IndexAdd(Tensor, int, Tensor, Tensor)"/>
        public Tensor IndexAdd(int axis, ReadOnlySpan<int> indices, Tensor source) => x.IndexAdd(axis, Tensor.From(indices, indices.Length), source);
    }
}
