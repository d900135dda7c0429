using Cajal.Kernels;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cajal;

/// <summary>
/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011): a bijection of 128-bit counters
/// under a 64-bit key whose outputs pass as random. There is no state, so any part of a sequence can be computed by anyone.
/// </summary>
internal static class Philox
{
    /// <summary>
    /// Counters are consumed in groups of this many, whatever the vector width, and a group's words lie by word index, then by counter: the
    /// order in which vectors produce them.
    /// </summary>
    public const int GroupBlocks = 16;

    public const int GroupWords = 4 * GroupBlocks;

    const int Rounds = 10;
    const uint FirstMultiplier = 0xD2511F53;
    const uint SecondMultiplier = 0xCD9E8D57;
    const uint FirstKeyStep = 0x9E3779B9;
    const uint SecondKeyStep = 0xBB67AE85;

    /// <summary>The four words of one counter.</summary>
    [MethodImpl(Kernel.Loop)]
    public static (uint X0, uint X1, uint X2, uint X3) Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        var (x0, x1) = ((uint)counterLow, (uint)(counterLow >> 32));
        var (x2, x3) = ((uint)counterHigh, (uint)(counterHigh >> 32));
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var first = (ulong)x0 * FirstMultiplier;
            var second = (ulong)x2 * SecondMultiplier;
            (x0, x1, x2, x3) = ((uint)(second >> 32) ^ x1 ^ k0, (uint)second, (uint)(first >> 32) ^ x3 ^ k1, (uint)first);
            k0 += FirstKeyStep;
            k1 += SecondKeyStep;
        }

        return (x0, x1, x2, x3);
    }

    /// <summary>
    /// The words of counters counterLow … counterLow + 15, a multiple of 16 onwards: word w of counter b at words[16 w + b].
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    public static void Group(ulong counterLow, ulong counterHigh, ulong key, Span<uint> words)
    {
        ref var start = ref MemoryMarshal.GetReference(words[..GroupWords]);
        for (var block = 0; block < GroupBlocks; block += Vector<uint>.Count)
        {
            var x0 = Vector<uint>.Indices + Vector.Create((uint)counterLow + (uint)block);
            var x1 = Vector.Create((uint)(counterLow >> 32));
            var x2 = Vector.Create((uint)counterHigh);
            var x3 = Vector.Create((uint)(counterHigh >> 32));
            var (k0, k1) = ((uint)key, (uint)(key >> 32));
            for (var round = 0; round < Rounds; round++)
            {
                var firstHigh = Multiply(x0, FirstMultiplier, out var firstLow);
                var secondHigh = Multiply(x2, SecondMultiplier, out var secondLow);
                x0 = secondHigh ^ x1 ^ Vector.Create(k0);
                x1 = secondLow;
                x2 = firstHigh ^ x3 ^ Vector.Create(k1);
                x3 = firstLow;
                k0 += FirstKeyStep;
                k1 += SecondKeyStep;
            }

            x0.StoreUnsafe(ref start, (nuint)block);
            x1.StoreUnsafe(ref start, (nuint)(GroupBlocks + block));
            x2.StoreUnsafe(ref start, (nuint)((2 * GroupBlocks) + block));
            x3.StoreUnsafe(ref start, (nuint)((3 * GroupBlocks) + block));
        }
    }

    /// <summary>The high and low halves of each lane times a constant, from the 64-bit products of the even and the odd lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<uint> Multiply(Vector<uint> x, uint factor, out Vector<uint> low)
    {
        var even = MultiplyEven(x, factor);
        var odd = MultiplyEven((x.As<uint, ulong>() >>> 32).As<ulong, uint>(), factor);
        var lowHalves = Vector.Create(0xFFFFFFFFul);
        low = ((even & lowHalves) | (odd << 32)).As<ulong, uint>();
        return ((even >>> 32) | Vector.AndNot(odd, lowHalves)).As<ulong, uint>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<ulong> MultiplyEven(Vector<uint> x, uint factor)
    {
        if (Avx2.IsSupported && Vector<uint>.Count == Vector256<uint>.Count)
            return Avx2.Multiply(x.AsVector256(), Vector256.Create(factor)).AsVector();
        if (Sse2.IsSupported && Vector<uint>.Count == Vector128<uint>.Count)
            return Sse2.Multiply(x.AsVector128(), Vector128.Create(factor)).AsVector();
        return (x.As<uint, ulong>() & Vector.Create(0xFFFFFFFFul)) * Vector.Create((ulong)factor);
    }
}
