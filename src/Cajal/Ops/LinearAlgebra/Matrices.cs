namespace Cajal;

/// <content>What matrix tools share: batch axes joined into one, shape checks, errors.</content>
public static partial class TensorOps
{
    /// <summary>x [B..., m, n] → [N, m, n], without a gradient.</summary>
    private static Tensor OneBatch(Tensor x) => x.Detach().Reshape(Shape.CountOf(x.Dims.AsSpan(0, x.Rank - 2)), x.Dims[^2], x.Dims[^1]);

    private static Tensor CheckMatrix(Tensor a, string op, bool square = true)
    {
        if (a.Rank < 2) throw new ShapeException($"{op}: a matrix [B..., {(square ? "n, n" : "m, n")}] is needed, not {a.Shape}.");
        if (square && a.Dims[^1] != a.Dims[^2]) throw new ShapeException($"{op}: a square matrix is needed; the last two axes of {a.Shape} are {a.Dims[^2]} and {a.Dims[^1]}.{(op is "Solve" or "Inverse" ? " LeastSquares handles rectangular systems." : "")}");
        return a.AsFloating();
    }

    private static void ThrowIfFailed((int Matrix, int Place)? failure, Tensor a, Func<int, string> text)
    {
        if (failure is not { } at) return;
        string which = a.Rank == 2 ? "" : $" (matrix {at.Matrix} of the batch {Shape.Format(a.Dims.AsSpan(0, a.Rank - 2))})";
        throw new LinearAlgebraException($"{text(at.Place)}{which}.");
    }
}
