using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace Cajal.Kernels;

/// <summary>
/// Elementary functions on <see cref="Vector{T}"/> for <c>float</c> and <c>double</c>. Each lane depends on its own input only, so a
/// value's bits never depend on its position in an array. They may differ in the last place between processors with and without fused
/// multiply-add.
/// </summary>
/// <remarks>
/// The polynomials are Chebyshev fits computed for this library with 60-digit arithmetic over the range named beside each. The stated
/// errors are the largest found by the tests' sweeps, in units in the last place (ULP), and the tests assert them.
/// </remarks>
internal static partial class Simd
{
    /// <summary>Every lane set to <paramref name="value"/>; folds to a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Constant<T>(double value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Create((float)value).As<float, T>();
        if (typeof(T) == typeof(double)) return Create(value).As<double, T>();
        throw Unsupported<T>();
    }

    /// <summary>One constant for each precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Constant<T>(float narrow, double wide) where T : unmanaged =>
        typeof(T) == typeof(float) ? Create(narrow).As<float, T>() : Constant<T>(wide);

    /// <summary>a * b + c, fused where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double))
            return MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
        throw Unsupported<T>();
    }

    /// <summary>2^n for whole n in the normal exponent range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> PowerOfTwo<T>(Vector<T> n) where T : unmanaged
    {
        // Adding 1.5 * 2^(mantissa bits) leaves n, in two's complement, in the low bits; the shift moves it onto the exponent.
        if (typeof(T) == typeof(float))
            return (((n + RoundingMagic<T>()).As<T, int>() << 23) + Create(0x3F800000)).As<int, T>();
        return (((n + RoundingMagic<T>()).As<T, long>() << 52) + Create(0x3FF0000000000000L)).As<long, T>();
    }

    /// <summary>Adding and subtracting this rounds to the nearest whole number, half to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> RoundingMagic<T>() where T : unmanaged => Constant<T>(12582912f, 6755399441055744.0);

    private static NotSupportedException Unsupported<T>() => new($"Simd functions take float or double, not {typeof(T).Name}.");
}
