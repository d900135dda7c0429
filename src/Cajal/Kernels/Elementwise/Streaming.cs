using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>
/// Results too large to stay in the caches are written past them: an ordinary store first reads the line it overwrites, and evicts an operand
/// that the next run could have used.
/// </summary>
internal static unsafe class Streaming
{
    /// <summary>
    /// Whether to stream a result of <paramref name="count"/> elements at <paramref name="target"/>, whose alignment the stores need: with its
    /// <paramref name="operands"/> of the same length it leaves nothing of the last cache.
    /// </summary>
    internal static bool Pays<T>(T* target, int count, int operands) where T : unmanaged =>
        (long)count * sizeof(T) * (operands + 1) >= ProcessorCache.LastLevel && (nint)target % sizeof(Vector512<byte>) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector512<T> value, T* target, bool streams) where T : unmanaged
    {
        if (streams) value.StoreAlignedNonTemporal(target);
        else value.Store(target);
    }

    /// <summary>Four neighbouring vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(Vector<T> a, Vector<T> b, Vector<T> c, Vector<T> d, T* target, bool streams) where T : unmanaged
    {
        int lanes = Vector<T>.Count;
        if (streams)
        {
            a.StoreAlignedNonTemporal(target);
            b.StoreAlignedNonTemporal(target + lanes);
            c.StoreAlignedNonTemporal(target + 2 * lanes);
            d.StoreAlignedNonTemporal(target + 3 * lanes);
        }
        else
        {
            a.Store(target);
            b.Store(target + lanes);
            c.Store(target + 2 * lanes);
            d.Store(target + 3 * lanes);
        }
    }

    /// <summary>Stores past the caches are not ordered with others; after this, whoever sees the range done sees its values.</summary>
    internal static void Finish(bool streams)
    {
        if (streams) Interlocked.MemoryBarrier();
    }
}
