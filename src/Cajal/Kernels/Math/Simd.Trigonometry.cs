using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

/// <remarks>
/// x = n π/2 + r with |r| ≤ π/4. The reduction is exact enough for |x| ≤ 2^20; larger arguments, and doubles that all but cancel against a
/// multiple of π/2, go lane by lane through <see cref="Math"/>, whose reduction has no limit. NaN and ±∞ take that way too and give NaN.
/// </remarks>
internal static partial class Simd
{
    /// <summary>sin x. Error below 1.5 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sin<T>(Vector<T> x) where T : unmanaged
    {
        var r = TrigonometricReduce(x, out var tail, out var n, out var slow);
        var result = Quadrant(SinKernel(r, tail), CosKernel(r, tail), n);
        // r loses the sign of -0.
        result = Select(Equal(x, Vector<T>.Zero), x, result);
        return slow == Vector<T>.Zero ? result : PerLane<T, ScalarSin>(x, result, slow);
    }

    /// <summary>cos x. Error below 1.4 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cos<T>(Vector<T> x) where T : unmanaged
    {
        var r = TrigonometricReduce(x, out var tail, out var n, out var slow);
        var result = Quadrant(SinKernel(r, tail), CosKernel(r, tail), n + Constant<T>(1));
        return slow == Vector<T>.Zero ? result : PerLane<T, ScalarCos>(x, result, slow);
    }

    /// <summary>tan x = sin x / cos x. Error below 3 ULP (float), 2 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tan<T>(Vector<T> x) where T : unmanaged
    {
        var r = TrigonometricReduce(x, out var tail, out var n, out var slow);
        var sine = SinKernel(r, tail);
        var cosine = CosKernel(r, tail);
        var result = Quadrant(sine, cosine, n) / Quadrant(sine, cosine, n + Constant<T>(1));
        result = Select(Equal(x, Vector<T>.Zero), x, result);
        return slow == Vector<T>.Zero ? result : PerLane<T, ScalarTan>(x, result, slow);
    }

    /// <summary>sin 2πt and cos 2πt for t in [0, 1]: the angle of a uniform random number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> SinCosTurns<T>(Vector<T> t, out Vector<T> cosine) where T : unmanaged
    {
        var quarters = t * Constant<T>(4);
        var n = quarters + RoundingMagic<T>() - RoundingMagic<T>();
        var r = (quarters - n) * Constant<T>(Math.PI / 2);
        var s = SinKernel(r, Vector<T>.Zero);
        var c = CosKernel(r, Vector<T>.Zero);
        cosine = Quadrant(s, c, n + Constant<T>(1));
        return Quadrant(s, c, n);
    }

    /// <summary>sin(r + n π/2) from sin r and cos r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Quadrant<T>(Vector<T> sine, Vector<T> cosine, Vector<T> n) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var k = (n + RoundingMagic<T>()).As<T, int>();
            var odd = Vector.Equals(k & Create(1), Create(1)).As<int, T>();
            return Select(odd, cosine, sine) ^ ((k & Create(2)) << 30).As<int, T>();
        }
        else
        {
            var k = (n + RoundingMagic<T>()).As<T, long>();
            var odd = Vector.Equals(k & Create(1L), Create(1L)).As<long, T>();
            return Select(odd, cosine, sine) ^ ((k & Create(2L)) << 62).As<long, T>();
        }
    }

    /// <summary>The remainder r + tail, the multiple n, and the lanes that must be done one at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> TrigonometricReduce<T>(Vector<T> x, out Vector<T> tail, out Vector<T> n, out Vector<T> slow) where T : unmanaged
    {
        slow = ~LessOrEqual(Abs(x), Constant<T>(1 << 20));
        if (typeof(T) == typeof(float))
        {
            // A float's remainder is found in double precision and needs no tail.
            Widen(x.As<T, float>(), out var lower, out var upper);
            var lowerRemainder = ReduceWide(lower, out var lowerN);
            var upperRemainder = ReduceWide(upper, out var upperN);
            tail = Vector<T>.Zero;
            n = Narrow(lowerN, upperN).As<float, T>();
            return Narrow(lowerRemainder, upperRemainder).As<float, T>();
        }

        // pi/2 in three parts of 33, 33 and 53 bits: n times the first two is exact for n below 2^20.
        n = MultiplyAdd(x, Constant<T>(2 / Math.PI), RoundingMagic<T>()) - RoundingMagic<T>();
        var first = x - n * Constant<T>(1.5707963267341256);
        var product = n * Constant<T>(6.077100506303966e-11);
        var second = first - product;
        var lost = first - second - product;
        var low = n * Constant<T>(2.0222662487959506e-21) - lost;
        var r = second - low;
        tail = second - r - low;
        slow |= Less(Abs(r), Constant<T>(1e-9)) & NotEqual(n, Vector<T>.Zero);
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ReduceWide(Vector<double> x, out Vector<double> n)
    {
        n = MultiplyAdd(x, Constant<double>(2 / Math.PI), RoundingMagic<double>()) - RoundingMagic<double>();
        return MultiplyAdd(n, Constant<double>(-6.077100506506192e-11), x - n * Constant<double>(1.5707963267341256));
    }

    /// <summary>sin(r + tail) for |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> SinKernel<T>(Vector<T> r, Vector<T> tail) where T : unmanaged
    {
        var z = r * r;
        if (typeof(T) == typeof(float)) return MultiplyAdd(r * z, SinPolynomial(z.As<T, float>()).As<float, T>(), r);
        var correction = MultiplyAdd(z * Constant<T>(-0.5), tail, tail);
        return r + MultiplyAdd(r * z, SinPolynomial(z.As<T, double>()).As<double, T>(), correction);
    }

    /// <summary>cos(r + tail) for |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> CosKernel<T>(Vector<T> r, Vector<T> tail) where T : unmanaged
    {
        var z = r * r;
        var half = z * Constant<T>(0.5);
        var one = Constant<T>(1);
        var w = one - half;
        var lost = one - w - half;
        if (typeof(T) == typeof(float)) return w + MultiplyAdd(z * z, CosPolynomial(z.As<T, float>()).As<float, T>(), lost);
        return w + MultiplyAdd(z * z, CosPolynomial(z.As<T, double>()).As<double, T>(), lost - r * tail);
    }

    // (sin(r) / r - 1) / z in z = r^2 for |r| <= pi/4: relative error of sin 1.3e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> SinPolynomial(Vector<float> z)
    {
        var p = Create(-0.00019587639f);
        p = MultiplyAddEstimate(p, z, Create(0.008332747f));
        return MultiplyAddEstimate(p, z, Create(-0.16666664f));
    }

    // (cos(r) - 1 + z / 2) / z^2 in z = r^2: error of cos 8e-10.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> CosPolynomial(Vector<float> z)
    {
        var p = Create(2.454769e-05f);
        p = MultiplyAddEstimate(p, z, Create(-0.0013888301f));
        return MultiplyAddEstimate(p, z, Create(0.041666664f));
    }

    // As above for double: relative error of sin 1.3e-17.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> SinPolynomial(Vector<double> z)
    {
        var p = Create(1.5917988979397435e-10);
        p = MultiplyAddEstimate(p, z, Create(-2.5051129896450185e-08));
        p = MultiplyAddEstimate(p, z, Create(2.7557316093198404e-06));
        p = MultiplyAddEstimate(p, z, Create(-0.00019841269836740532));
        p = MultiplyAddEstimate(p, z, Create(0.008333333333330936));
        return MultiplyAddEstimate(p, z, Create(-0.16666666666666666));
    }

    // As above for double: error of cos 5e-19.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> CosPolynomial(Vector<double> z)
    {
        var p = Create(-1.138254464534925e-11);
        p = MultiplyAddEstimate(p, z, Create(2.087614504941318e-09));
        p = MultiplyAddEstimate(p, z, Create(-2.755731726587808e-07));
        p = MultiplyAddEstimate(p, z, Create(2.48015872987544e-05));
        p = MultiplyAddEstimate(p, z, Create(-0.0013888888888887389));
        return MultiplyAddEstimate(p, z, Create(0.041666666666666664));
    }
}
