namespace Cajal;

/// <content>Linear interpolation: z = x + w (y - x).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The point between x and y at the share <paramref name="weight"/> of the way: x at 0, y at 1, beyond them outside [0, 1]. Shapes are broadcast.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor Lerp(Tensor y, double weight) => x + (y - x) * weight;

        /// <summary>The same with a weight for each element.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor Lerp(Tensor y, Tensor weight) => x + (y - x) * weight;
    }
}
