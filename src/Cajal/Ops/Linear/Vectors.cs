namespace Cajal;

/// <content>Products of vectors.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The inner product of two vectors of one length: Σ xᵢ yᵢ.</summary>
        public Tensor Dot(Tensor y)
        {
            if (x.Rank != 1 || y.Rank != 1 || x.Count != y.Count) throw new ShapeException($"Dot: two vectors of one length are needed; left {x.Shape}, right {y.Shape}.");
            return x.MatMul(y);
        }

        /// <summary>The vector product along an axis of length 3; the other axes broadcast.</summary>
        public Tensor Cross(Tensor y, int axis = -1)
        {
            int left = x.Axis(axis, "Cross"), right = y.Axis(axis, "Cross");
            if (x.Dims[left] != 3 || y.Dims[right] != 3) throw new ShapeException($"Cross: axis {axis} must have length 3 in both; left {x.Shape}, right {y.Shape}.");
            return x.Roll(-1, left) * y.Roll(-2, right) - x.Roll(-2, left) * y.Roll(-1, right);
        }
    }
}
