using Cajal.Backends;

namespace Cajal;

/// <content>The elements where a mask is true; their gradients return to where they came from, zero elsewhere.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The elements where <paramref name="mask"/> is true, in row-major order, as a vector; x and mask broadcast.</summary>
        /// <exception cref="ShapeException">The mask is not Bool, or shapes do not broadcast.</exception>
        public Tensor MaskedSelect(Tensor mask)
        {
            if (mask.DType != DType.Bool) throw new ShapeException($"MaskedSelect: the mask must be Bool, not {mask.DType}; compare first (x > 0).");
            var shape = new Shape(Broadcasting.Shape(x.Dims, mask.Dims, "MaskedSelect"));
            return TakeRows(x.Expand(shape).Reshape(-1), 0, Backend.Of(x).TruePositions(mask.Expand(shape)));
        }

        /// <summary>The indices of the elements that are not zero (or are true), in row-major order: Int64 [count, rank].</summary>
        public Tensor NonZero()
        {
            var positions = Backend.Of(x).TruePositions(x.Detach().Cast(DType.Bool)).ToArray<int>();
            var indices = new long[positions.Length * x.Rank];
            for (int i = 0; i < positions.Length; i++)
            {
                int rest = positions[i];
                for (int axis = x.Rank - 1; axis >= 0; axis--)
                {
                    indices[i * x.Rank + axis] = rest % x.Dims[axis];
                    rest /= x.Dims[axis];
                }
            }
            return Tensor.From(indices, positions.Length, x.Rank);
        }
    }
}
