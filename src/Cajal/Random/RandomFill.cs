using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cajal.Kernels;

namespace Cajal;

/// <summary>
/// Random values as pure functions of (seed, stream, position): element i of a fill that starts at position p is the value at p + i, so
/// a fill may be cut anywhere and the parts computed by any thread.
/// </summary>
/// <remarks>
/// One counter gives four 32-bit, two 64-bit or one 128-bit draw. The three kinds use counters that differ in their top bits, so that
/// drawing floats here and doubles there never uses the same random word twice.
/// </remarks>
internal static partial class RandomFill
{
    const int Draws32PerGroup = Philox.GroupWords;
    const int Draws64PerGroup = Philox.GroupWords / 2;
    const int Draws128PerGroup = Philox.GroupWords / 4;

    /// <summary>Computes all values of one group of counters.</summary>
    interface IGroupKernel<T>
    {
        static abstract int Length { get; }

        void Fill(GeneratorState at, ulong group, Span<T> values);
    }

    /// <summary>Calls the kernel for every group the destination touches; groups cut by its ends go through a buffer.</summary>
    [MethodImpl(Kernel.Loop)]
    static void Run<T, TKernel>(GeneratorState at, Span<T> destination, TKernel kernel)
        where T : unmanaged
        where TKernel : struct, IGroupKernel<T>
    {
        Span<T> buffer = stackalloc T[TKernel.Length];
        var position = at.Position;
        while (!destination.IsEmpty)
        {
            var (group, skip) = (position / (ulong)TKernel.Length, (int)(position % (ulong)TKernel.Length));
            var taken = Math.Min(TKernel.Length - skip, destination.Length);
            if (taken == TKernel.Length)
            {
                kernel.Fill(at, group, destination[..taken]);
            }
            else
            {
                kernel.Fill(at, group, buffer);
                buffer.Slice(skip, taken).CopyTo(destination);
            }

            destination = destination[taken..];
            position += (ulong)taken;
        }
    }

    /// <summary>64 draws of 32 bits.</summary>
    static void Group32(GeneratorState at, ulong group, Span<uint> draws) =>
        Philox.Group(group * Philox.GroupBlocks, at.Stream, at.Seed, draws);

    /// <summary>32 draws of 64 bits.</summary>
    [MethodImpl(Kernel.Loop)]
    public static void Group64(GeneratorState at, ulong group, Span<ulong> draws)
    {
        Span<uint> words = stackalloc uint[Philox.GroupWords];
        Philox.Group((group * Philox.GroupBlocks) | Counter64, at.Stream, at.Seed, words);
        for (var row = 0; row < 2; row++)
        {
            var low = words.Slice(2 * row * Philox.GroupBlocks, Philox.GroupBlocks);
            var high = words.Slice(((2 * row) + 1) * Philox.GroupBlocks, Philox.GroupBlocks);
            var target = draws.Slice(row * Philox.GroupBlocks, Philox.GroupBlocks);
            for (var i = 0; i < target.Length; i++) target[i] = low[i] | ((ulong)high[i] << 32);
        }
    }

    /// <summary>The 64-bit draw at one position.</summary>
    public static ulong Draw64(GeneratorState at)
    {
        var (group, index) = Math.DivRem(at.Position, (ulong)Draws64PerGroup);
        var block = (group * Philox.GroupBlocks) + (index % Philox.GroupBlocks);
        var (x0, x1, x2, x3) = Philox.Block(block | Counter64, at.Stream, at.Seed);
        return index < Philox.GroupBlocks ? x0 | ((ulong)x1 << 32) : x2 | ((ulong)x3 << 32);
    }

    const ulong Counter64 = 1ul << 62;
    const ulong Counter128 = 2ul << 62;

    /// <summary>A 64-bit draw as a number in [0, 1) with 53 bits.</summary>
    public static double ToUnit(ulong draw) => (draw >> 11) * (1.0 / (1L << 53));

    /// <summary>A 64-bit draw as an index below n; each index has probability 1/n to within 2^-64.</summary>
    public static ulong ToIndex(ulong draw, ulong n) => Math.BigMul(draw, n, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Load<T>(ReadOnlySpan<T> span, int offset) where T : unmanaged =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetReference(span), (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<T>(Vector<T> vector, Span<T> span, int offset) where T : unmanaged =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(span), (nuint)offset);
}
