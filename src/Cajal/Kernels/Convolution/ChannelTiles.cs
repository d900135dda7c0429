using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Picks the channel tile of so many positions. Tiles are compiled when first used.</summary>
internal static unsafe class ChannelTiles<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(int rows, int vectors, nint k, T* a, int* offsets, nint step, T* b, T* start, nint rowStart, T* c, nint rowC)
    {
        if (vectors == 2) { Run<N2>(rows, k, a, offsets, step, b, start, rowStart, c, rowC); } else { Run<N1>(rows, k, a, offsets, step, b, start, rowStart, c, rowC); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVectors>(int rows, nint k, T* a, int* offsets, nint step, T* b, T* start, nint rowStart, T* c, nint rowC)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 1: ChannelTile<T, V, L, N1, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 2: ChannelTile<T, V, L, N2, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 3: ChannelTile<T, V, L, N3, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 4: ChannelTile<T, V, L, N4, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 5: ChannelTile<T, V, L, N5, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 6: ChannelTile<T, V, L, N6, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            default:
                if (L.TileRows > 6) { RunTall<TVectors>(rows, k, a, offsets, step, b, start, rowStart, c, rowC); }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTall<TVectors>(int rows, nint k, T* a, int* offsets, nint step, T* b, T* start, nint rowStart, T* c, nint rowC)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 7: ChannelTile<T, V, L, N7, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 8: ChannelTile<T, V, L, N8, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 9: ChannelTile<T, V, L, N9, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 10: ChannelTile<T, V, L, N10, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 11: ChannelTile<T, V, L, N11, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
            case 12: ChannelTile<T, V, L, N12, TVectors>.Run(k, a, offsets, step, b, start, rowStart, c, rowC); break;
        }
    }
}
