using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <remarks>Masks are vectors of the compared type with all bits of a lane set or clear.</remarks>
internal static partial class Simd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Select<T>(Vector<T> mask, Vector<T> whenSet, Vector<T> whenClear) where T : unmanaged =>
        Vector.ConditionalSelect<T>(mask, whenSet, whenClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Equal<T>(Vector<T> left, Vector<T> right) where T : unmanaged => Vector.Equals<T>(left, right);

    /// <summary>Set where the two differ; NaN differs from everything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> NotEqual<T>(Vector<T> left, Vector<T> right) where T : unmanaged => ~Vector.Equals<T>(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Less<T>(Vector<T> left, Vector<T> right) where T : unmanaged => Vector.LessThan<T>(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LessOrEqual<T>(Vector<T> left, Vector<T> right) where T : unmanaged =>
        Vector.LessThanOrEqual<T>(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Greater<T>(Vector<T> left, Vector<T> right) where T : unmanaged => Vector.GreaterThan<T>(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> GreaterOrEqual<T>(Vector<T> left, Vector<T> right) where T : unmanaged =>
        Vector.GreaterThanOrEqual<T>(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> IsNaN<T>(Vector<T> x) where T : unmanaged => ~Vector.Equals<T>(x, x);

    /// <summary>The smaller; NaN if either is NaN; −0 below +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Min<T>(Vector<T> left, Vector<T> right) where T : unmanaged => Vector.Min(left, right);

    /// <summary>The larger; NaN if either is NaN; +0 above −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Max<T>(Vector<T> left, Vector<T> right) where T : unmanaged => Vector.Max(left, right);

    /// <summary>x limited to [low, high]; NaN stays NaN. The bounds must not be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Clamp<T>(Vector<T> x, Vector<T> low, Vector<T> high) where T : unmanaged =>
        // The native minimum and maximum return their second operand, x, when it is NaN, and are one instruction.
        Vector.MaxNative(low, Vector.MinNative(high, x));
}
