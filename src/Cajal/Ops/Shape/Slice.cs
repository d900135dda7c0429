using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>Parts of a tensor: views along axes. The gradient of a part is the gradient of the whole, zero elsewhere.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The elements start, start + step, ... (<paramref name="length"/> of them) along an axis, as a view.</summary>
        public Tensor Narrow(int axis, int start, int length, int step = 1)
        {
            axis = x.Axis(axis, "Narrow");
            if (step < 1) throw new ShapeException($"Narrow: the step must be at least 1, not {step}; Flip reverses an axis.");
            if (start < 0 || length < 0 || (length > 0 && start + (long)(length - 1) * step >= x.Dims[axis]))
            {
                throw new ShapeException($"Narrow: {length} elements from {start} in steps of {step} do not lie within axis {axis} of {x.Shape}.");
            }
            var dims = (int[])x.Dims.Clone();
            var strides = (int[])x.Strides.Clone();
            int offset = x.Offset + (length == 0 ? 0 : start * strides[axis]);
            dims[axis] = length;
            strides[axis] *= step;
            return Tape.Record("Narrow", x.View(dims, strides, offset), x, (From: x.Shape, Axis: axis, Start: start, Step: step),
                static (g, saved, _) => PutBack(g, saved.From, saved.Axis, saved.Start, saved.Step));
        }

        /// <summary>One position along an axis, which disappears: [N, C, H, W] → [N, H, W] for Select(1, c).</summary>
        public Tensor Select(int axis, int index)
        {
            axis = x.Axis(axis, "Select");
            int position = index < 0 ? index + x.Dims[axis] : index;
            if ((uint)position >= (uint)x.Dims[axis]) throw new ShapeException($"Select: index {index} is outside axis {axis} of {x.Shape}.");
            return x.Narrow(axis, position, 1).Squeeze(axis);
        }

        /// <summary>The part named by one range per axis (missing ones take the whole axis): <c>x.Slice(.., 2..5)</c>.</summary>
        public Tensor Slice(params ReadOnlySpan<Range> ranges)
        {
            if (ranges.Length > x.Rank) throw new ShapeException($"Slice: {ranges.Length} ranges were given for a tensor of rank {x.Rank}, {x.Shape}.");
            var result = x;
            for (int axis = 0; axis < ranges.Length; axis++)
            {
                if (ranges[axis].Equals(Range.All)) continue;
                int length = x.Dims[axis], start = ranges[axis].Start.GetOffset(length), end = ranges[axis].End.GetOffset(length);
                if (start < 0 || end > length || start > end) throw new ShapeException($"Slice: range {ranges[axis]} does not lie within axis {axis} of {x.Shape}.");
                result = result.Narrow(axis, start, end - start);
            }
            return result;
        }

        /// <summary>Cuts an axis into pieces of <paramref name="size"/> (the last may be shorter), as views.</summary>
        public Tensor[] Split(int size, int axis = 0)
        {
            axis = x.Axis(axis, "Split");
            if (size < 1) throw new ShapeException($"Split: the size must be at least 1, not {size}.");
            var parts = new Tensor[(x.Dims[axis] + size - 1) / size];
            for (int i = 0; i < parts.Length; i++) parts[i] = x.Narrow(axis, i * size, Math.Min(size, x.Dims[axis] - i * size));
            return parts;
        }

        /// <summary>Cuts an axis into pieces of the given sizes, which must add up to its length.</summary>
        public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
        {
            axis = x.Axis(axis, "Split");
            int total = 0;
            foreach (int size in sizes) total += size;
            if (total != x.Dims[axis]) throw new ShapeException($"Split: sizes {Shape.Format(sizes)} add up to {total}, but axis {axis} of {x.Shape} has length {x.Dims[axis]}.");
            var parts = new Tensor[sizes.Length];
            int start = 0;
            for (int i = 0; i < parts.Length; start += sizes[i++]) parts[i] = x.Narrow(axis, start, sizes[i]);
            return parts;
        }

        /// <summary>Cuts an axis into <paramref name="count"/> pieces as equal as can be.</summary>
        public Tensor[] Chunk(int count, int axis = 0) => x.Split((x.Dims[x.Axis(axis, "Chunk")] + count - 1) / count, axis);
    }

    /// <summary>Zeros of shape <paramref name="whole"/> with <paramref name="part"/> along an axis: the adjoint of Narrow.</summary>
    internal static Tensor PutBack(Tensor part, Shape whole, int axis, int start, int step)
    {
        var result = Tensor.Zeros(whole, part.DType);
        var strides = (int[])result.Strides.Clone();
        int offset = part.Dims[axis] == 0 ? 0 : start * strides[axis];
        strides[axis] *= step;
        Backend.Of(part).Copy(part, result.View(part.Dims, strides, offset));
        return Tape.Record("PutBack", result, part, (Axis: axis, Start: start, Length: part.Dims[axis], Step: step),
            static (g, saved, _) => g.Narrow(saved.Axis, saved.Start, saved.Length, saved.Step));
    }
}
