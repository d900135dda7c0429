using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Loops over contiguous rows, the inner loops of the factorisations.</summary>
internal static class Rows
{
    /// <summary>y += a·x.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void AddScaled<T>(Span<T> y, ReadOnlySpan<T> x, T a) where T : unmanaged, INumber<T>
    {
        int lanes = Vector<T>.Count, i = 0;
        x = x[..y.Length];
        var spread = new Vector<T>(a);
        for (; i <= y.Length - lanes; i += lanes) (new Vector<T>(y[i..]) + spread * new Vector<T>(x[i..])).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] += a * x[i];
    }

    /// <summary>Σ x·y, in an order that depends on the length alone.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, INumber<T>
    {
        int lanes = Vector<T>.Count, i = 0;
        y = y[..x.Length];
        var sums = Vector<T>.Zero;
        for (; i <= x.Length - lanes; i += lanes) sums += new Vector<T>(x[i..]) * new Vector<T>(y[i..]);
        var sum = Vector.Sum(sums);
        for (; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <summary>(x, y) → (c·x - s·y, s·x + c·y).</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Rotate<T>(Span<T> x, Span<T> y, T c, T s) where T : unmanaged, INumber<T>
    {
        int lanes = Vector<T>.Count, i = 0;
        y = y[..x.Length];
        Vector<T> cosine = new(c), sine = new(s);
        for (; i <= x.Length - lanes; i += lanes)
        {
            Vector<T> left = new(x[i..]), right = new(y[i..]);
            (cosine * left - sine * right).CopyTo(x[i..]);
            (sine * left + cosine * right).CopyTo(y[i..]);
        }
        for (; i < x.Length; i++) (x[i], y[i]) = (c * x[i] - s * y[i], s * x[i] + c * y[i]);
    }

    internal static void Scale<T>(Span<T> x, T a) where T : unmanaged, INumber<T>
    {
        foreach (ref var value in x) value *= a;
    }

    /// <summary>Makes the largest element (the first of them) positive. Returns whether the signs were turned.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static bool MakeLargestPositive<T>(Span<T> x) where T : unmanaged, INumber<T>
    {
        int largest = 0;
        for (int i = 1; i < x.Length; i++) if (T.Abs(x[i]) > T.Abs(x[largest])) largest = i;
        if (x.Length == 0 || !(x[largest] < T.Zero)) return false;
        Scale(x, -T.One);
        return true;
    }

    internal static bool AllFinite<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T>
    {
        foreach (var value in x) if (!T.IsFinite(value)) return false;
        return true;
    }

    /// <summary>The distance from 1 to the next larger number.</summary>
    internal static T Epsilon<T>() where T : unmanaged, IFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;
}
