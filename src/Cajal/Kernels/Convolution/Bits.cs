using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>Bitwise operations on vectors of any width.</summary>
internal static class Bits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V And<V>(V a, V b)
        where V : struct
    {
        if (Unsafe.SizeOf<V>() == 64) { return Unsafe.BitCast<Vector512<byte>, V>(Unsafe.BitCast<V, Vector512<byte>>(a) & Unsafe.BitCast<V, Vector512<byte>>(b)); }
        if (Unsafe.SizeOf<V>() == 32) { return Unsafe.BitCast<Vector256<byte>, V>(Unsafe.BitCast<V, Vector256<byte>>(a) & Unsafe.BitCast<V, Vector256<byte>>(b)); }
        if (Unsafe.SizeOf<V>() == 16) { return Unsafe.BitCast<Vector128<byte>, V>(Unsafe.BitCast<V, Vector128<byte>>(a) & Unsafe.BitCast<V, Vector128<byte>>(b)); }
        if (Unsafe.SizeOf<V>() == 8) { return Unsafe.BitCast<ulong, V>(Unsafe.BitCast<V, ulong>(a) & Unsafe.BitCast<V, ulong>(b)); }
        return Unsafe.BitCast<uint, V>(Unsafe.BitCast<V, uint>(a) & Unsafe.BitCast<V, uint>(b));
    }
}
