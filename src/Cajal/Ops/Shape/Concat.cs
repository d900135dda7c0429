using Cajal.Autodiff;
using Cajal.Backends;

namespace Cajal;

/// <content>Joining tensors along an axis; the gradient is cut into the same pieces.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>Joins tensors along an existing axis; all other lengths must agree.</summary>
        public static Tensor Concat(ReadOnlySpan<Tensor> parts, int axis = 0)
        {
            if (parts.Length == 0) throw new ShapeException("Concat: at least one tensor is needed.");
            var first = parts[0];
            axis = first.Axis(axis, "Concat");
            var dtype = first.DType;
            var dims = (int[])first.Dims.Clone();
            dims[axis] = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                CheckFits(first, parts[i], i, axis);
                dtype = DTypes.Promote(dtype, parts[i].DType);
                dims[axis] += parts[i].Dims[axis];
            }
            var result = Tensor.Uninitialised(dims, dtype);
            var strides = result.Strides;
            var lengths = new int[parts.Length];
            int start = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                var part = parts[i];
                lengths[i] = part.Dims[axis];
                if (part.Count > 0) Backend.Of(part).Copy(part, result.View(part.Dims, strides, start * strides[axis]));
                start += lengths[i];
            }
            return Tape.Record("Concat", result, parts, (Axis: axis, Lengths: lengths), static (g, saved, needs) =>
            {
                var gradients = new Tensor?[saved.Lengths.Length];
                int start = 0;
                for (int i = 0; i < gradients.Length; start += saved.Lengths[i++])
                {
                    if (needs[i]) gradients[i] = g.Narrow(saved.Axis, start, saved.Lengths[i]);
                }
                return new(gradients);
            });
        }

        /// <summary>Joins tensors of one shape along a new axis.</summary>
        public static Tensor Stack(ReadOnlySpan<Tensor> parts, int axis = 0)
        {
            var expanded = new Tensor[parts.Length];
            for (int i = 0; i < parts.Length; i++) expanded[i] = parts[i].Unsqueeze(axis);
            return Concat(expanded, axis);
        }
    }

    private static void CheckFits(Tensor first, Tensor part, int index, int axis)
    {
        bool fits = part.Rank == first.Rank;
        for (int i = 0; fits && i < first.Rank; i++) fits = i == axis || part.Dims[i] == first.Dims[i];
        if (!fits) throw new ShapeException($"Concat: along axis {axis} all other lengths must agree, but tensor 0 is {first.Shape} and tensor {index} is {part.Shape}.");
    }
}
