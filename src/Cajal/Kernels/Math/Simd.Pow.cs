using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

internal static partial class Simd
{
    /// <summary>
    /// x^y with the edge cases of <see cref="Math.Pow"/>: x^0 = 1^y = 1 even for NaN; a negative x takes whole y only, and the sign of
    /// an odd one. Floats go through double-precision exp and log, error below 0.501 ULP; doubles lane by lane through
    /// <see cref="Math.Pow"/>, whose logarithm needs more than 53 bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pow<T>(Vector<T> x, Vector<T> y) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return PowPerLane(x.As<T, double>(), y.As<T, double>()).As<double, T>();
        return PowWide(x.As<T, float>(), y.As<T, float>()).As<float, T>();
    }

    // Too long to be worth a copy in every caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<float> PowWide(Vector<float> x, Vector<float> y)
    {
        Widen(Abs(x), out var lowerX, out var upperX);
        Widen(y, out var lowerY, out var upperY);
        var magnitude = Narrow(Exp(lowerY * Log(lowerX)), Exp(upperY * Log(upperX)));

        var one = Constant<float>(1);
        var infinity = Constant<float>(double.PositiveInfinity);
        var zero = Vector<float>.Zero;
        var whole = Equal(Truncate(y), y);
        var halfY = y * Constant<float>(0.5);
        var odd = whole & NotEqual(Truncate(halfY), halfY) & Less(Abs(y), infinity);
        var negative = Less(CopySign(one, x), zero);
        var result = Select(odd & negative, -magnitude, magnitude);

        var undefined = Less(x, zero) & Greater(x, -infinity) & ~whole;
        result = Select(undefined, Constant<float>(double.NaN), result);
        result = Select(Equal(Abs(x), one) & Equal(Abs(y), infinity), one, result);
        return Select(Equal(x, one) | Equal(y, zero), one, result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector<double> PowPerLane(Vector<double> x, Vector<double> y)
    {
        var result = Vector<double>.Zero;
        for (var lane = 0; lane < Vector<double>.Count; lane++) result = result.WithElement(lane, Math.Pow(x[lane], y[lane]));
        return result;
    }
}
