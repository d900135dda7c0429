using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>What the processor says of its caches.</summary>
internal static class ProcessorCache
{
    private const long Usual = 16L << 20;

    /// <summary>
    /// Bytes of the last level, as far as the processor tells (CPUID leaf 4 of Intel's manual, 8000001Dh of AMD's), otherwise what is common. Tests set it, so that
    /// what is large is not so on a large processor only.
    /// </summary>
    internal static long LastLevel { get; set; } = Read();

    private static long Read()
    {
        if (!X86Base.IsSupported) return Usual;
        const int Extended = unchecked((int)0x8000_0000);
        bool hasIntels = X86Base.CpuId(0, 0).Eax >= 4, hasAmds = (uint)X86Base.CpuId(Extended, 0).Eax >= 0x8000_001D;
        long size = Math.Max(hasIntels ? Largest(4) : 0, hasAmds ? Largest(Extended + 0x1D) : 0);
        return size > 0 ? size : Usual;
    }

    private static long Largest(int leaf)
    {
        long largest = 0;
        for (int index = 0; index < 8; index++)
        {
            var (kind, shape, sets, _) = X86Base.CpuId(leaf, index);
            if ((kind & 31) == 0) break;
            long ways = (shape >>> 22) + 1, partitions = ((shape >>> 12) & 1023) + 1, line = (shape & 4095) + 1;
            largest = Math.Max(largest, ways * partitions * line * ((uint)sets + 1L));
        }
        return largest;
    }
}
