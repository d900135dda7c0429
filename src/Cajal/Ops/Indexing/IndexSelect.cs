using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>y[a, j, c] = x[a, i[j], c]; the gradient of x is the sum of the gradients of all the copies of a row.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The positions named by <paramref name="indices"/> along an axis: x [A..., L, C...], indices [I...] → [A..., I..., C...].
        /// Indices may repeat and may be negative (-1 is the last). Rows of a matrix: <c>x.IndexSelect(0, [2, 0, 2])</c>.
        /// </summary>
        /// <param name="axis">The axis that is indexed.</param>
        /// <param name="indices">Int64 or Int32, of any shape, which takes the place of the axis.</param>
        /// <exception cref="ShapeException">An index lies outside the axis, or the indices are not whole numbers.</exception>
        public Tensor IndexSelect(int axis, Tensor indices)
        {
            axis = x.Axis(axis, "IndexSelect");
            var positions = CheckedPositions(indices, x, axis, "IndexSelect");
            var y = TakeRows(x, axis, positions.View([positions.Count], null, positions.Offset));
            if (indices.Rank != 1) y = y.Reshape([.. x.Dims[..axis], .. indices.Dims, .. x.Dims[(axis + 1)..]]);
            OpTrace.Note("Take", y, [x, indices], axis);
            return y;
        }

        /// <inheritdoc cref="IndexSelect(Tensor, int, Tensor)"/>
        public Tensor IndexSelect(int axis, ReadOnlySpan<int> indices) => x.IndexSelect(axis, Tensor.From(indices, indices.Length));
    }

    /// <summary>Checked, non-negative Int32 positions of <paramref name="indices"/> along an axis of <paramref name="x"/>.</summary>
    internal static Tensor CheckedPositions(Tensor indices, Tensor x, int axis, string op)
    {
        if (indices.DType is not (DType.Int64 or DType.Int32)) throw new ShapeException($"{op}: indices must be Int64 or Int32, not {indices.DType}.{(indices.DType == DType.Bool ? " Use MaskedSelect for a mask." : "")}");
        int length = x.Dims[axis];
        var positions = Backend.Of(x).Positions(indices, length, out int bad);
        if (bad < 0) return positions;
        string range = length == 0 ? "it has no positions" : $"indices run from -{length} to {length - 1}";
        throw new ShapeException($"{op}: index {indices.ElementAt(bad)} is outside axis {axis} of {x.Shape}, whose length is {length}; {range}.");
    }

    /// <summary>Rows at positions [count] (Int32, checked; -1 gives zeros).</summary>
    internal static Tensor TakeRows(Tensor x, int axis, Tensor positions) =>
        Tape.Record("IndexSelect", Backend.Of(x).TakeRows(x, axis, positions), x, (Axis: axis, Positions: positions, Length: x.Dims[axis]),
            static (g, saved, _) => SumRows(g, saved.Axis, saved.Positions, saved.Length));

    /// <summary>The adjoint of <see cref="TakeRows"/>.</summary>
    internal static Tensor SumRows(Tensor s, int axis, Tensor positions, int length) =>
        Tape.Record("IndexAdd", Backend.Of(s).SumRows(s, axis, positions, length), s, (Axis: axis, Positions: positions),
            static (g, saved, _) => TakeRows(g, saved.Axis, saved.Positions));
}
