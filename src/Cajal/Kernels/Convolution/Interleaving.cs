using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>Rows with a step between their elements: gathered into neighbours, or woven from two rows of neighbours.</summary>
/// <remarks>Steps of two and four have vectors for float: two floats are one 64-bit number, which narrowing and widening take apart and put together.</remarks>
internal static unsafe class Interleaving<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    /// <summary>Whether there are vectors for this type at all.</summary>
    internal static bool HasVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(V) == typeof(Vector512<float>) || typeof(V) == typeof(Vector256<float>) || typeof(V) == typeof(Vector128<float>);
    }

    /// <summary>target[q] = source[q * step]; nothing at or behind <paramref name="end"/> is read.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Gather(T* target, T* source, int count, int step, T* end)
    {
        int q = 0;
        if (HasVectors && step == 2)
        {
            for (; q <= count - L.Count && source + 2 * (q + L.Count) <= end; q += L.Count) { L.Store(Even(source + 2 * q), target + q); }
            if (q > 0 && q < count && source + 2 * count <= end) { L.Store(Even(source + 2 * (count - L.Count)), target + count - L.Count); q = count; }
        }
        else if (HasVectors && step == 4)
        {
            for (; q <= count - L.Count && source + 4 * (q + L.Count) <= end; q += L.Count)
            {
                L.Store(Even(Even(source + 4 * q), Even(source + 4 * q + 2 * L.Count)), target + q);
            }
        }
        for (; q < count; q++) { target[q] = source[(nint)q * step]; }
    }

    /// <summary>target[2q] = even[q], target[2q + 1] = odd[q], for as many as each has: equal, or one even more.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Weave(T* target, T* even, int evens, T* odd, int odds)
    {
        int q = 0;
        if (HasVectors)
        {
            for (; q <= odds - L.Count; q += L.Count) { Weave(target + 2 * q, even + q, odd + q); }
            if (q > 0 && q < odds)
            {
                Weave(target + 2 * (odds - L.Count), even + odds - L.Count, odd + odds - L.Count);
                q = odds;
            }
        }
        for (; q < odds; q++) { (target[2 * q], target[2 * q + 1]) = (even[q], odd[q]); }
        for (; q < evens; q++) { target[2 * q] = even[q]; }
    }

    /// <summary>p[0], p[2], p[4]... Reads two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Even(T* p) => Even(L.Load(p), L.Load(p + L.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weave(T* target, T* even, T* odd)
    {
        V a = L.Load(even), b = L.Load(odd);
        L.Store(Lower(a, b), target);
        L.Store(Upper(a, b), target + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Even(V a, V b)
    {
        if (typeof(V) == typeof(Vector512<float>)) { return As<Vector512<uint>>(Vector512.Narrow(To<Vector512<ulong>>(a), To<Vector512<ulong>>(b))); }
        if (typeof(V) == typeof(Vector256<float>)) { return As<Vector256<uint>>(Vector256.Narrow(To<Vector256<ulong>>(a), To<Vector256<ulong>>(b))); }
        return As<Vector128<uint>>(Vector128.Narrow(To<Vector128<ulong>>(a), To<Vector128<ulong>>(b)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lower(V a, V b)
    {
        if (typeof(V) == typeof(Vector512<float>)) { return As<Vector512<ulong>>(Vector512.WidenLower(To<Vector512<uint>>(a)) | (Vector512.WidenLower(To<Vector512<uint>>(b)) << 32)); }
        if (typeof(V) == typeof(Vector256<float>)) { return As<Vector256<ulong>>(Vector256.WidenLower(To<Vector256<uint>>(a)) | (Vector256.WidenLower(To<Vector256<uint>>(b)) << 32)); }
        return As<Vector128<ulong>>(Vector128.WidenLower(To<Vector128<uint>>(a)) | (Vector128.WidenLower(To<Vector128<uint>>(b)) << 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Upper(V a, V b)
    {
        if (typeof(V) == typeof(Vector512<float>)) { return As<Vector512<ulong>>(Vector512.WidenUpper(To<Vector512<uint>>(a)) | (Vector512.WidenUpper(To<Vector512<uint>>(b)) << 32)); }
        if (typeof(V) == typeof(Vector256<float>)) { return As<Vector256<ulong>>(Vector256.WidenUpper(To<Vector256<uint>>(a)) | (Vector256.WidenUpper(To<Vector256<uint>>(b)) << 32)); }
        return As<Vector128<ulong>>(Vector128.WidenUpper(To<Vector128<uint>>(a)) | (Vector128.WidenUpper(To<Vector128<uint>>(b)) << 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo To<TTo>(V value) where TTo : struct => Unsafe.BitCast<V, TTo>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V As<TFrom>(TFrom value) where TFrom : struct => Unsafe.BitCast<TFrom, V>(value);
}
