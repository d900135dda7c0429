namespace Cajal;

/// <content>Class numbers as unit vectors; no gradient.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>Class numbers as rows with a single 1: x [B...] → [B..., K].</summary>
        /// <param name="classes">K; every number must be at least 0 and below it.</param>
        /// <param name="dtype">Of the result.</param>
        /// <exception cref="ShapeException">A number is not a class, or x is not of whole numbers.</exception>
        public Tensor OneHot(int classes, DType dtype = DType.Float32)
        {
            if (x.DType is not (DType.Int64 or DType.Int32)) throw new ShapeException($"OneHot: class numbers must be Int64 or Int32, not {x.DType}.");
            if (classes < 1) throw new ShapeException($"OneHot: at least one class is needed, not {classes}.");
            foreach (long number in x.ToArray<long>())
            {
                if ((ulong)number >= (ulong)classes) throw new ShapeException($"OneHot: {number} is not a class; with {classes} classes they are 0 to {classes - 1}.");
            }
            return x.Unsqueeze(-1).EqualTo(Tensor.Arange(classes, x.DType)).Cast(dtype);
        }
    }
}
