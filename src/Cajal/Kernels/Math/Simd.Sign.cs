using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

internal static partial class Simd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> SignBit<T>() where T : unmanaged => Constant<T>(-0.0);

    /// <summary>x without its sign bit, NaN included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Abs<T>(Vector<T> x) where T : unmanaged => Vector.AndNot(x, SignBit<T>());

    /// <summary>The magnitude of the first with the sign bit of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> CopySign<T>(Vector<T> magnitude, Vector<T> sign) where T : unmanaged =>
        Vector.ConditionalSelect<T>(SignBit<T>(), sign, magnitude);

    /// <summary>−1, ±0, 1 or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sign<T>(Vector<T> x) where T : unmanaged =>
        Select(Greater(Abs(x), Vector<T>.Zero), CopySign(Constant<T>(1), x), x);
}
