using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

/// <remarks>e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2; e^r − 1 = r + r² g(r).</remarks>
internal static partial class Simd
{
    /// <summary>e^x with gradual underflow. Error below 1.1 ULP (float), 1 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged =>
        // Outside these bounds the result rounds to 0 or overflows to infinity by itself.
        ExpInRange(Clamp(x, Constant<T>(-104f, -746.0), Constant<T>(89f, 710.0)));

    /// <summary>The same within those bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> ExpInRange<T>(Vector<T> x) where T : unmanaged
    {
        var fraction = Constant<T>(1) + ExpKernel(x, out var n);
        return Scale(fraction, n);
    }

    /// <summary>e^x − 1, accurate near 0. Error below 1.6 ULP (float), 3 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Expm1<T>(Vector<T> x) where T : unmanaged
    {
        var tail = ExpKernel(Clamp(x, Constant<T>(-26f, -50.0), Constant<T>(89f, 710.0)), out var n);
        var half = MultiplyAdd(n, Constant<T>(0.5), RoundingMagic<T>()) - RoundingMagic<T>();
        var rest = PowerOfTwo(n - half);
        // 2^half (2^rest tail + 2^rest - 2^-half): the bracket neither overflows nor cancels more than e^x - 1 itself.
        var result = PowerOfTwo(half) * MultiplyAdd(rest, tail, rest - PowerOfTwo(-half));
        return Select(Equal(x, Vector<T>.Zero), x, result);
    }

    /// <summary>e^x − 1 for x ≤ 0, where 2^n needs no splitting; loses the sign of −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Expm1Negative<T>(Vector<T> x) where T : unmanaged
    {
        var tail = ExpKernel(MaxNative(Constant<T>(-26f, -50.0), x), out var n);
        var scale = PowerOfTwo(n);
        return MultiplyAdd(scale, tail, scale - Constant<T>(1));
    }

    /// <summary>e^r − 1 and n of the decomposition x = n ln 2 + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> ExpKernel<T>(Vector<T> x, out Vector<T> n) where T : unmanaged
    {
        n = MultiplyAdd(x, Constant<T>(1.4426950408889634), RoundingMagic<T>()) - RoundingMagic<T>();
        // The high part of ln 2 has trailing zeros enough (15 and 40 bits kept) to make n times it exact.
        var r = MultiplyAdd(n, Constant<T>(-0.693145751953125f, -0.6931471805592082), x);
        r = MultiplyAdd(n, Constant<T>(-1.42860682e-06f, -7.371002565167799e-13), r);
        var g = typeof(T) == typeof(float)
            ? ExpPolynomial(r.As<T, float>()).As<float, T>()
            : ExpPolynomial(r.As<T, double>()).As<double, T>();
        return MultiplyAdd(g * r, r, r);
    }

    // (e^r - 1 - r) / r^2 for |r| <= 0.3469: relative error of e^r 8e-9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ExpPolynomial(Vector<float> r)
    {
        var g = Create(0.001392625f);
        g = MultiplyAddEstimate(g, r, Create(0.008363233f));
        g = MultiplyAddEstimate(g, r, Create(0.041666552f));
        g = MultiplyAddEstimate(g, r, Create(0.16666576f));
        return MultiplyAddEstimate(g, r, Create(0.5f));
    }

    // The same for double: relative error of e^r 1.3e-17.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ExpPolynomial(Vector<double> r)
    {
        var g = Create(2.5100472505694996e-08);
        g = MultiplyAddEstimate(g, r, Create(2.7620201591031547e-07));
        g = MultiplyAddEstimate(g, r, Create(2.7557268276905696e-06));
        g = MultiplyAddEstimate(g, r, Create(2.4801521057868204e-05));
        g = MultiplyAddEstimate(g, r, Create(0.00019841269863171557));
        g = MultiplyAddEstimate(g, r, Create(0.0013888888917367081));
        g = MultiplyAddEstimate(g, r, Create(0.008333333333330039));
        g = MultiplyAddEstimate(g, r, Create(0.041666666666623824));
        g = MultiplyAddEstimate(g, r, Create(0.16666666666666669));
        return MultiplyAddEstimate(g, r, Create(0.5000000000000001));
    }
}
