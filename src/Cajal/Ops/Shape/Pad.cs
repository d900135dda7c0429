using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <summary>What stands in the border that <c>Pad</c> adds.</summary>
public enum PadMode
{
    /// <summary>One number.</summary>
    Constant,
    /// <summary>The inside mirrored at the edge, without repeating the edge: c b | a b c.</summary>
    Reflect,
    /// <summary>The edge again and again: a a | a b c.</summary>
    Replicate,
    /// <summary>The other end: b c | a b c.</summary>
    Circular,
}

/// <content>Borders around a tensor. The gradient of a border element goes to the element it is a copy of.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Adds a border: <c>pads[i]</c> says how many positions before and after; the pads belong to the last axes, so
        /// <c>x.Pad([(1, 1), (2, 2)])</c> pads H and W of an x [N, C, H, W]. Negative numbers cut off.
        /// </summary>
        /// <param name="pads">Positions before and after, for each of the last axes.</param>
        /// <param name="mode">What stands in the border.</param>
        /// <param name="value">The number for <see cref="PadMode.Constant"/>.</param>
        /// <exception cref="ShapeException">
        /// More pads than axes, more cut off than there is, or a border that the mode cannot fill: Reflect needs it shorter than the axis, Circular
        /// no longer than it.
        /// </exception>
        public Tensor Pad(ReadOnlySpan<(int Before, int After)> pads, PadMode mode = PadMode.Constant, double value = 0)
        {
            if (pads.Length > x.Rank) throw new ShapeException($"Pad: {pads.Length} axes were to be padded in a tensor of rank {x.Rank}, {x.Shape}.");
            int first = x.Rank - pads.Length;
            var y = x;
            var before = new int[x.Rank];
            var dims = (int[])x.Dims.Clone();
            for (int axis = first; axis < x.Rank; axis++)
            {
                var (start, end) = pads[axis - first];
                int length = x.Dims[axis], cut = Math.Max(0, -start), kept = length - cut - Math.Max(0, -end);
                if (kept < 0) throw new ShapeException($"Pad: ({start}, {end}) cuts more from axis {axis} of {x.Shape} than its length {length}.");
                if (kept != length) y = y.Narrow(axis, cut, kept);
                (start, end) = (Math.Max(0, start), Math.Max(0, end));
                if (mode == PadMode.Constant)
                {
                    before[axis] = start;
                    dims[axis] = start + kept + end;
                }
                else if (start > 0 || end > 0) y = TakeRows(y, axis, BorderPositions(kept, start, end, mode, axis, x));
            }
            return mode != PadMode.Constant ? y : dims.AsSpan().SequenceEqual(y.Dims) ? y : PadConstant(y, before, dims, value);
        }
    }

    private static Tensor PadConstant(Tensor x, int[] before, int[] dims, double value)
    {
        var result = Tensor.Full(new Shape(dims), value, x.DType);
        var strides = result.Strides;
        int offset = 0;
        for (int axis = 0; axis < dims.Length; axis++) offset += before[axis] * strides[axis];
        if (x.Count > 0) Backend.Of(x).Copy(x, result.View(x.Dims, strides, offset));
        return Tape.Record("Pad", result, x, (Before: before, From: x.Dims, Value: value), static (g, saved, _) =>
        {
            for (int axis = 0; axis < saved.From.Length; axis++)
            {
                if (g.Dims[axis] != saved.From[axis]) g = g.Narrow(axis, saved.Before[axis], saved.From[axis]);
            }
            return g;
        });
    }

    private static Tensor BorderPositions(int length, int before, int after, PadMode mode, int axis, Tensor x)
    {
        int longest = Math.Max(before, after);
        bool fits = mode switch { PadMode.Reflect => longest < length, PadMode.Circular => longest <= length, _ => length > 0 };
        if (!fits) throw new ShapeException($"Pad: {mode} cannot add {longest} positions to axis {axis} of {x.Shape}, where {length} are left; {(mode == PadMode.Reflect ? "at most " + Math.Max(0, length - 1) : "at most " + length)} fit.");
        var positions = new int[before + length + after];
        for (int i = 0; i < positions.Length; i++)
        {
            int p = i - before;
            positions[i] = mode switch
            {
                PadMode.Reflect => p < 0 ? -p : p >= length ? 2 * (length - 1) - p : p,
                PadMode.Circular => p < 0 ? p + length : p >= length ? p - length : p,
                _ => Math.Clamp(p, 0, length - 1),
            };
        }
        return Tensor.From(positions, positions.Length);
    }
}
