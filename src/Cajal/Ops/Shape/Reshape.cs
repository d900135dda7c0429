using Cajal.Autodiff;

namespace Cajal;

/// <content>The same elements under other axes: views where the layout allows it.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The same elements, row by row, under new axis lengths; one length may be -1 and is worked out. A view when possible.</summary>
        /// <exception cref="ShapeException">The element counts differ.</exception>
        public Tensor Reshape(params ReadOnlySpan<int> shape)
        {
            var dims = ResolveShape(x, shape);
            if (dims.AsSpan().SequenceEqual(x.Dims)) return x;
            var source = x.Contiguous();
            return Tape.Record("Reshape", source.View(dims, null, source.Offset), source, source.Shape, static (g, from, _) => g.Reshape(from));
        }

        /// <summary>Joins the axes from <paramref name="first"/> to <paramref name="last"/> into one: [N, C, H, W] → [N, C·H·W] for Flatten(1).</summary>
        public Tensor Flatten(int first = 0, int last = -1)
        {
            if (x.Rank == 0) return x.Reshape(1);
            first = x.Axis(first, "Flatten");
            last = x.Axis(last, "Flatten");
            if (last < first) throw new ShapeException($"Flatten: the first axis {first} must not come after the last one {last}.");
            int joined = 1;
            for (int axis = first; axis <= last; axis++) joined *= x.Dims[axis];
            return x.Reshape([.. x.Dims[..first], joined, .. x.Dims[(last + 1)..]]);
        }

        /// <summary>Splits one axis into several: [N, 12] → [N, 3, 4] for Unflatten(1, 3, 4).</summary>
        public Tensor Unflatten(int axis, params ReadOnlySpan<int> lengths)
        {
            axis = x.Axis(axis, "Unflatten");
            return x.Reshape([.. x.Dims[..axis], .. lengths, .. x.Dims[(axis + 1)..]]);
        }

        /// <summary>Inserts an axis of length 1 before <paramref name="axis"/> (-1: after the last).</summary>
        public Tensor Unsqueeze(int axis)
        {
            int at = axis < 0 ? axis + x.Rank + 1 : axis;
            if ((uint)at > (uint)x.Rank) throw new ShapeException($"Unsqueeze: a new axis cannot stand at {axis} in {x.Shape}; use 0 to {x.Rank} or -1 to -{x.Rank + 1}.");
            int[] dims = [.. x.Dims[..at], 1, .. x.Dims[at..]];
            int[] strides = [.. x.Strides[..at], 1, .. x.Strides[at..]];
            return Tape.Record("Unsqueeze", x.View(dims, strides, x.Offset), x, at, static (g, at, _) => g.Squeeze(at));
        }

        /// <summary>Removes the given axes of length 1; with none given, all of them.</summary>
        public Tensor Squeeze(params ReadOnlySpan<int> axes)
        {
            var remove = new bool[x.Rank];
            if (axes.Length == 0) for (int axis = 0; axis < x.Rank; axis++) remove[axis] = x.Dims[axis] == 1;
            foreach (int named in axes)
            {
                int axis = x.Axis(named, "Squeeze");
                if (x.Dims[axis] != 1) throw new ShapeException($"Squeeze: axis {named} of {x.Shape} has length {x.Dims[axis]}, not 1.");
                remove[axis] = true;
            }
            var dims = new List<int>();
            var strides = new List<int>();
            var own = x.Strides;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (remove[axis]) continue;
                dims.Add(x.Dims[axis]);
                strides.Add(own[axis]);
            }
            return Tape.Record("Squeeze", x.View([.. dims], [.. strides], x.Offset), x, x.Shape, static (g, from, _) => g.Reshape(from));
        }
    }

    private static int[] ResolveShape(Tensor x, ReadOnlySpan<int> shape)
    {
        var dims = shape.ToArray();
        int unknown = -1;
        long known = 1;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] == -1 && unknown < 0) unknown = axis;
            else if (dims[axis] < 0) throw new ShapeException($"Reshape: {Shape.Format(shape)} has a negative length; only one -1 is allowed, for the length to be worked out.");
            else known *= dims[axis];
        }
        if (unknown >= 0 && known > 0 && x.Count % known == 0)
        {
            dims[unknown] = (int)(x.Count / known);
            known *= dims[unknown];
        }
        if (known != x.Count || (unknown >= 0 && dims[unknown] < 0))
        {
            throw new ShapeException($"Reshape: {x.Shape} holds {x.Count} elements, which do not fill {Shape.Format(shape)}.");
        }
        return dims;
    }
}
