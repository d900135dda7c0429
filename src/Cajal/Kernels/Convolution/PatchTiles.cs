using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Picks the patch tile of the wanted height. Tiles are compiled when first used.</summary>
internal static unsafe class PatchTiles<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(int rows, int vectors, nint k, T* a, int* offsets, T* b, T* c, nint rowC, bool add)
    {
        if (vectors == 2) { Run<N2>(rows, k, a, offsets, b, c, rowC, add); } else { Run<N1>(rows, k, a, offsets, b, c, rowC, add); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVectors>(int rows, nint k, T* a, int* offsets, T* b, T* c, nint rowC, bool add)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 1: PatchTile<T, V, L, N1, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 2: PatchTile<T, V, L, N2, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 3: PatchTile<T, V, L, N3, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 4: PatchTile<T, V, L, N4, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 5: PatchTile<T, V, L, N5, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 6: PatchTile<T, V, L, N6, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            default:
                if (L.TileRows > 6) { RunTall<TVectors>(rows, k, a, offsets, b, c, rowC, add); }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTall<TVectors>(int rows, nint k, T* a, int* offsets, T* b, T* c, nint rowC, bool add)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 7: PatchTile<T, V, L, N7, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 8: PatchTile<T, V, L, N8, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 9: PatchTile<T, V, L, N9, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 10: PatchTile<T, V, L, N10, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 11: PatchTile<T, V, L, N11, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
            case 12: PatchTile<T, V, L, N12, TVectors>.Run(k, a, offsets, b, c, rowC, add); break;
        }
    }
}
