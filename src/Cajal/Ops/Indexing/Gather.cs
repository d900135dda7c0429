using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>y[a, j, c] = x[a, i[a, j, c], c]; its adjoint adds s[a, j, c] to y[a, i[a, j, c], c].</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Picks along an axis, with an index of its own for every element of the result: for axis 1 of a matrix,
        /// <c>y[n, j] = x[n, indices[n, j]]</c>. Negative indices count from the end.
        /// </summary>
        /// <param name="axis">The axis along which is picked.</param>
        /// <param name="indices">Int64 or Int32, of the rank of x; along the other axes at most as long as x. The result has its shape.</param>
        /// <exception cref="ShapeException">An index lies outside the axis, or the shape of the indices does not fit.</exception>
        public Tensor Gather(int axis, Tensor indices)
        {
            axis = x.Axis(axis, "Gather");
            CheckIndexShape(x, indices, axis, "Gather");
            var positions = CheckedPositions(indices, x, axis, "Gather");
            var y = GatherElements(NarrowOthers(x, indices, axis), axis, positions);
            OpTrace.Note("GatherElements", y, [x, indices], axis);
            return y;
        }

        /// <summary>
        /// x with elements of <paramref name="source"/> added along an axis: for axis 1 of a matrix, <c>y[n, indices[n, j]] += source[n, j]</c>.
        /// Elements sent to one place add up in their order, so results are the same bits on any number of threads.
        /// </summary>
        /// <inheritdoc cref="Scatter(Tensor, int, Tensor, Tensor)"/>
        public Tensor ScatterAdd(int axis, Tensor indices, Tensor source)
        {
            axis = x.Axis(axis, "ScatterAdd");
            CheckIndexShape(x, indices, axis, "ScatterAdd");
            CheckSourceShape(source, indices, "ScatterAdd");
            var positions = CheckedPositions(indices, x, axis, "ScatterAdd");
            Promote(ref x, ref source);
            var sums = SumElements(source, axis, positions, x.Dims[axis]);
            for (int other = 0; other < x.Rank; other++)
            {
                if (sums.Dims[other] != x.Dims[other])
                {
                    int[] whole = [.. sums.Dims[..other], x.Dims[other], .. sums.Dims[(other + 1)..]];
                    sums = PutBack(sums, new(whole), other, 0, 1);
                }
            }
            return x + sums;
        }
    }

    internal static Tensor GatherElements(Tensor x, int axis, Tensor positions) =>
        Tape.Record("Gather", Backend.Of(x).GatherElements(x, axis, positions), x, (Axis: axis, Positions: positions, Length: x.Dims[axis]),
            static (g, saved, _) => SumElements(g, saved.Axis, saved.Positions, saved.Length));

    internal static Tensor SumElements(Tensor s, int axis, Tensor positions, int length) =>
        Tape.Record("ScatterAdd", Backend.Of(s).SumElements(s, axis, positions, length), s, (Axis: axis, Positions: positions),
            static (g, saved, _) => GatherElements(g, saved.Axis, saved.Positions));

    /// <summary>The corner of x that has the lengths of the indices along all axes but one.</summary>
    private static Tensor NarrowOthers(Tensor x, Tensor indices, int axis)
    {
        for (int other = 0; other < x.Rank; other++)
        {
            if (other != axis && indices.Dims[other] != x.Dims[other]) x = x.Narrow(other, 0, indices.Dims[other]);
        }
        return x;
    }

    private static void CheckIndexShape(Tensor x, Tensor indices, int axis, string op)
    {
        bool fits = indices.Rank == x.Rank;
        for (int other = 0; fits && other < x.Rank; other++) fits = other == axis || indices.Dims[other] <= x.Dims[other];
        if (!fits) throw new ShapeException($"{op}: the indices need the rank of x and, except along axis {axis}, lengths of at most those of x; indices {indices.Shape}, x {x.Shape}.");
    }

    private static void CheckSourceShape(Tensor source, Tensor indices, string op)
    {
        if (source.Shape != indices.Shape) throw new ShapeException($"{op}: the source must have the shape of the indices; source {source.Shape}, indices {indices.Shape}.");
    }
}
