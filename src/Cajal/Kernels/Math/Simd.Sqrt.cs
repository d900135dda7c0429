using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

internal static partial class Simd
{
    /// <summary>√x, correctly rounded; NaN below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt<T>(Vector<T> x) where T : unmanaged => Vector.SquareRoot(x);

    /// <summary>1 / √x: two roundings, error below 1.5 ULP. rsqrt(±0) = ±∞, rsqrt(∞) = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Rsqrt<T>(Vector<T> x) where T : unmanaged => Constant<T>(1) / Vector.SquareRoot(x);
}
