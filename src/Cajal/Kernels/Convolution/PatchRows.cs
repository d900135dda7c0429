using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>What the convolution kernels share about rows: how channels are cut into tiles, and how results are written out.</summary>
internal static unsafe class PatchRows
{
    /// <summary>Rows of the next tile. A tail of a few rows would leave the multipliers waiting, so the last two tiles share it.</summary>
    internal static int Tile(int rows, int largest)
    {
        if (rows <= largest) { return rows; }
        return rows - largest >= 4 ? largest : (rows + 1) / 2;
    }

    /// <summary>to = from + bias. Vectors may run over the end of the row, up to <paramref name="end"/>: what they spoil is written next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy<T, V, L>(T* to, T* from, int count, T bias, T* end)
        where T : unmanaged
        where V : struct
        where L : ILanes<T, V>
    {
        V add = L.Broadcast(&bias);
        int i = 0;
        for (; i < count && to + i + L.Count <= end; i += L.Count) { L.Store(L.Add(L.Load(from + i), add), to + i); }
        if (i < count) { Scatter<T, V, L>(to + i, 1, from + i, count - i, bias); }
    }

    /// <summary>to[i * step] = from[i] + bias.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Scatter<T, V, L>(T* to, int step, T* from, int count, T bias)
        where T : unmanaged
        where V : struct
        where L : ILanes<T, V>
    {
        T* sums = stackalloc T[L.Count];
        V add = L.Broadcast(&bias);
        for (int i = 0; i < count; i += L.Count)
        {
            L.Store(L.Add(L.Load(from + i), add), sums);
            int lanes = Math.Min(L.Count, count - i);
            for (int lane = 0; lane < lanes; lane++, to += step) { *to = sums[lane]; }
        }
    }
}
