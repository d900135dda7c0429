using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Indices as given by callers, turned into checked positions.</summary>
internal static class Positions
{
    /// <summary>Counts negative indices from the end. Returns where the first index outside [-length, length) stands, or -1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static int Resolve<T>(ReadOnlySpan<T> index, Span<int> positions, int length) where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < index.Length; i++)
        {
            long value = long.CreateTruncating(index[i]);
            if (value < 0) value += length;
            if ((ulong)value >= (ulong)length) return i;
            positions[i] = (int)value;
        }
        return -1;
    }

    /// <summary>Writes the places of the non-zero bytes, in order, and returns how many there are; an empty target only counts.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static int True(ReadOnlySpan<byte> mask, Span<int> positions)
    {
        int count = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] == 0) continue;
            if (positions.Length > 0) positions[count] = i;
            count++;
        }
        return count;
    }
}
