using Cajal.Kernels;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cajal;

internal static partial class RandomFill
{
    /// <summary>
    /// Whole numbers in [low, high): 64 random bits times the range, so the probabilities are equal to within 2^-64 (bias below 2^-32).
    /// </summary>
    public static void Integers(GeneratorState at, Span<int> destination, int low, int high) =>
        Run(at, destination, new IntegerKernel(low, high));

    /// <summary>Whole numbers in [low, high): 128 random bits times the range, so the bias is below 2^-64.</summary>
    public static void Integers(GeneratorState at, Span<long> destination, long low, long high) =>
        Run(at, destination, new LongKernel(low, high));

    readonly struct IntegerKernel(int low, int high) : IGroupKernel<int>
    {
        public static int Length => Draws64PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<int> values)
        {
            Span<ulong> draws = stackalloc ulong[Draws64PerGroup];
            Group64(at, group, draws);
            var range = (ulong)((long)high - low);
            for (var i = 0; i < draws.Length; i++) values[i] = (int)(low + (long)ToIndex(draws[i], range));
        }
    }

    readonly struct LongKernel(long low, long high) : IGroupKernel<long>
    {
        public static int Length => Draws128PerGroup;

        [MethodImpl(Kernel.Loop)]
        public void Fill(GeneratorState at, ulong group, Span<long> values)
        {
            Span<uint> words = stackalloc uint[Philox.GroupWords];
            Philox.Group((group * Philox.GroupBlocks) | Counter128, at.Stream, at.Seed, words);
            var range = unchecked((ulong)high - (ulong)low);
            for (var i = 0; i < values.Length; i++)
            {
                var lower = words[i] | ((ulong)words[Philox.GroupBlocks + i] << 32);
                var upper = words[(2 * Philox.GroupBlocks) + i] | ((ulong)words[(3 * Philox.GroupBlocks) + i] << 32);
                // The top 64 bits of the 192-bit product.
                var scaled = ((UInt128)upper * range) + Math.BigMul(lower, range, out _);
                values[i] = unchecked(low + (long)(ulong)(scaled >> 64));
            }
        }
    }
}
