namespace Cajal;

/// <content>Triangles of matrices: x where j - i ≤ d (Tril) or ≥ d (Triu), 0 elsewhere.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>The lower triangle of x [B..., m, n], up to and with <paramref name="diagonal"/> (0: the main one); zeros above.</summary>
        public Tensor Tril(int diagonal = 0) => Triangle(x, diagonal, lower: true, "Tril");

        /// <summary>The upper triangle of x [B..., m, n], from <paramref name="diagonal"/> (0: the main one) on; zeros below.</summary>
        public Tensor Triu(int diagonal = 0) => Triangle(x, diagonal, lower: false, "Triu");
    }

    private static Tensor Triangle(Tensor x, int diagonal, bool lower, string op)
    {
        if (x.Rank < 2) throw new ShapeException($"{op}: a matrix [B..., m, n] is needed, not {x.Shape}.");
        if (x.DType == DType.Bool) return Triangle(x.Cast(DType.Int32), diagonal, lower, op).Cast(DType.Bool);
        var rows = Tensor.Arange(x.Dims[^2], DType.Int32).Unsqueeze(1) + diagonal;
        var columns = Tensor.Arange(x.Dims[^1], DType.Int32);
        return KeepWhere(x, (lower ? columns <= rows : columns >= rows).Cast(x.DType));
    }
}
