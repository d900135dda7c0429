namespace Cajal.Onnx;

/// <summary>Pow: the result has the type of the base, whatever the exponent's.</summary>
internal static class Power
{
    internal static void Register(Registry registry) => registry.Add("Pow", [1, 7, 12, 13, 15], node =>
    {
        var align = Legacy.Alignment(node);
        return call =>
        {
            Tensor x = call.X(0), y = align(x, call.X(1));
            var (left, right) = (call.Element(0), call.Element(1));
            if (left.IsFloating) call.Return(Real(x, Integers.Real(y, right, x.DType)));
            else if (right.IsInteger) call.Return(Integers.Map("Pow", x, y, static (x, y) => Whole(x, y)));
            else call.Return(Integers.Real(x, left, DType.Float64).Pow(y.Cast(DType.Float64)));
        };
    });

    /// <summary>A single exponent, as in squares, is a matter of products.</summary>
    private static Tensor Real(Tensor x, Tensor y) => y.Count == 1 && y.Rank <= x.Rank && !y.RequiresGrad ? x.Pow(y.ElementAt(0)) : x.Pow(y);

    private static long Whole(long x, long y)
    {
        if (y < 0) return x == 1 ? 1 : x == -1 ? (y % 2 == 0 ? 1 : -1) : 0;
        long result = 1;
        for (; y > 0; y >>= 1)
        {
            if ((y & 1) != 0) result *= x;
            x *= x;
        }
        return result;
    }
}
