using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

/// <remarks>
/// x = 2^e (1 + f) with 1 + f in [√½, √2); with s = f / (2 + f), log(1 + f) = 2 artanh s = f − (f²/2 − s (f²/2 + R(s²))).
/// All give −∞ at the pole, NaN below it and ∞ at ∞.
/// </remarks>
internal static partial class Simd
{
    /// <summary>Natural logarithm. Error below 1 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x) where T : unmanaged
    {
        var f = LogReduce(x, out var e);
        return LogEdges(x, LogCombine(f, e));
    }

    /// <summary>log(1 + x), accurate near 0. Error below 1.3 ULP (float), 2 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log1p<T>(Vector<T> x) where T : unmanaged
    {
        var one = Constant<T>(1);
        var u = one + x;
        var f = LogReduce(u, out var e);
        // What rounding u lost goes back into f, scaled by 2^-e (limited: for larger e the loss is far below an ULP).
        var lost = Select(Less(x, one), x - (u - one), one - (u - x));
        f = MultiplyAdd(lost, PowerOfTwo(-MinNative(e, Constant<T>(64))), f);
        return Select(Equal(x, Vector<T>.Zero), x, LogEdges(u, LogCombine(f, e)));
    }

    /// <summary>Binary logarithm, exact at powers of two. Error below 1.4 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log2<T>(Vector<T> x) where T : unmanaged
    {
        var f = LogReduce(x, out var e);
        return LogEdges(x, MultiplyAdd(LogCombine(f, Vector<T>.Zero), Constant<T>(1.4426950408889634), e));
    }

    /// <summary>Decimal logarithm. Error below 1.5 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log10<T>(Vector<T> x) where T : unmanaged
    {
        var f = LogReduce(x, out var e);
        var low = e * Constant<T>(4.605038981e-06f, 3.694239077158931e-13);
        low = MultiplyAdd(LogCombine(f, Vector<T>.Zero), Constant<T>(0.4342944819032518), low);
        return LogEdges(x, MultiplyAdd(e, Constant<T>(0.301025390625f, 0.30102999566361177), low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> LogEdges<T>(Vector<T> x, Vector<T> result) where T : unmanaged
    {
        var infinity = Constant<T>(double.PositiveInfinity);
        result = Select(Less(x, infinity), result, x);
        var notPositive = Select(Equal(x, Vector<T>.Zero), -infinity, Constant<T>(double.NaN));
        return Select(LessOrEqual(x, Vector<T>.Zero), notPositive, result);
    }

    /// <summary>f and e of x = 2^e (1 + f), for positive finite x, subnormal ones included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> LogReduce<T>(Vector<T> x, out Vector<T> e) where T : unmanaged
    {
        var subnormal = Less(x, Constant<T>(1.17549435e-38f, 2.2250738585072014e-308));
        x = Select(subnormal, x * Constant<T>((float)(1 << 25), 1L << 54), x);
        // The exponent field, taken relative to sqrt(1/2), becomes the low bits of 2^(mantissa bits) + field: a number without a
        // conversion.
        if (typeof(T) == typeof(float))
        {
            var sqrtHalf = Create(0x3F3504F3u);
            var bits = x.As<T, uint>() - sqrtHalf + Create(0x3F800000u);
            e = ((bits >>> 23) | Create(0x4B000000u)).As<uint, T>() - Constant<T>(8388608 + 127);
            e -= subnormal & Constant<T>(25);
            return ((bits & Create(0x007FFFFFu)) + sqrtHalf).As<uint, T>() - Constant<T>(1);
        }
        else
        {
            var sqrtHalf = Create(0x3FE6A09E667F3BCDul);
            var bits = x.As<T, ulong>() - sqrtHalf + Create(0x3FF0000000000000ul);
            e = ((bits >>> 52) | Create(0x4330000000000000ul)).As<ulong, T>() - Constant<T>(4503599627370496.0 + 1023);
            e -= subnormal & Constant<T>(54);
            return ((bits & Create(0x000FFFFFFFFFFFFFul)) + sqrtHalf).As<ulong, T>() - Constant<T>(1);
        }
    }

    /// <summary>e ln 2 + log(1 + f).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> LogCombine<T>(Vector<T> f, Vector<T> e) where T : unmanaged
    {
        var s = f / (Constant<T>(2) + f);
        var z = s * s;
        var r = typeof(T) == typeof(float)
            ? LogPolynomial(z.As<T, float>()).As<float, T>()
            : LogPolynomial(z.As<T, double>()).As<double, T>();
        var halfSquare = f * f * Constant<T>(0.5);
        var low = MultiplyAdd(s, MultiplyAdd(z, r, halfSquare), e * Constant<T>(1.42860682e-06f, 7.371002565167799e-13));
        return MultiplyAdd(e, Constant<T>(0.693145751953125f, 0.6931471805592082), f - (halfSquare - low));
    }

    // (2 artanh(s) / s - 2) / s^2 in z = s^2 for s <= 3 - 2 sqrt 2: relative error of log 3e-9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> LogPolynomial(Vector<float> z)
    {
        var r = Create(0.29582024f);
        r = MultiplyAddEstimate(r, z, Create(0.39988735f));
        return MultiplyAddEstimate(r, z, Create(0.66666687f));
    }

    // The same for double: relative error of log 5e-18.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> LogPolynomial(Vector<double> z)
    {
        var r = Create(0.1461916477718642);
        r = MultiplyAddEstimate(r, z, Create(0.1533150172120742));
        r = MultiplyAddEstimate(r, z, Create(0.18182895746801428));
        r = MultiplyAddEstimate(r, z, Create(0.22222211043822487));
        r = MultiplyAddEstimate(r, z, Create(0.28571428626533335));
        r = MultiplyAddEstimate(r, z, Create(0.3999999999989827));
        return MultiplyAddEstimate(r, z, Create(0.666666666666667));
    }
}
