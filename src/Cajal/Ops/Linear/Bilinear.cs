namespace Cajal;

/// <content>y_o = x1ᵀ W_o x2 + b_o.</content>
public static partial class TensorOps
{
    extension(Tensor)
    {
        /// <summary>A bilinear form for every output: x1 [B..., A], x2 [B..., C], weight [O, A, C], bias [O] → [B..., O].</summary>
        /// <exception cref="ShapeException">The batch axes of x1 and x2 differ, or the weight does not fit.</exception>
        public static Tensor Bilinear(Tensor x1, Tensor x2, Tensor weight, Tensor? bias = null)
        {
            if (weight.Rank != 3) throw new ShapeException($"Bilinear: the weight must be [O, A, C], not {weight.Shape}.");
            if (x1.Rank == 0 || x2.Rank == 0 || !x1.Dims.AsSpan(0, x1.Rank - 1).SequenceEqual(x2.Dims.AsSpan(0, x2.Rank - 1))) throw new ShapeException($"Bilinear: x1 and x2 must agree in all axes but the last; x1 {x1.Shape}, x2 {x2.Shape}.");
            int outputs = weight.Dims[0], a = weight.Dims[1], c = weight.Dims[2];
            if (x1.Dims[^1] != a || x2.Dims[^1] != c) throw new ShapeException($"Bilinear: the last axes of x1 ({x1.Dims[^1]}) and x2 ({x2.Dims[^1]}) must be those of the weight [O, {a}, {c}].");
            int[] dims = [.. x1.Dims[..^1], outputs];
            int batch = Shape.CountOf(x1.Dims.AsSpan(0, x1.Rank - 1));
            var left = x1.Reshape(batch, a).MatMul(weight.Permute(1, 0, 2).Reshape(a, outputs * c)).Reshape(batch, outputs, c);
            var y = left.MatMul(x2.Reshape(batch, c, 1)).Reshape(dims);
            return bias is null ? y : y + bias;
        }
    }
}
