using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Picks the weight tile of the wanted height. Tiles are compiled when first used.</summary>
internal static unsafe class WeightTiles<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(int rows, int vectors, int lines, int length, T* a, nint rowA, nint stepA, nint lineA, T* b, T* c, nint rowC)
    {
        if (vectors == 2) { Run<N2>(rows, lines, length, a, rowA, stepA, lineA, b, c, rowC); } else { Run<N1>(rows, lines, length, a, rowA, stepA, lineA, b, c, rowC); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVectors>(int rows, int lines, int length, T* a, nint rowA, nint stepA, nint lineA, T* b, T* c, nint rowC)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 1: WeightTile<T, V, L, N1, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 2: WeightTile<T, V, L, N2, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 3: WeightTile<T, V, L, N3, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 4: WeightTile<T, V, L, N4, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 5: WeightTile<T, V, L, N5, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 6: WeightTile<T, V, L, N6, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            default:
                if (L.TileRows > 6) { RunTall<TVectors>(rows, lines, length, a, rowA, stepA, lineA, b, c, rowC); }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTall<TVectors>(int rows, int lines, int length, T* a, nint rowA, nint stepA, nint lineA, T* b, T* c, nint rowC)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 7: WeightTile<T, V, L, N7, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 8: WeightTile<T, V, L, N8, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 9: WeightTile<T, V, L, N9, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 10: WeightTile<T, V, L, N10, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 11: WeightTile<T, V, L, N11, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
            case 12: WeightTile<T, V, L, N12, TVectors>.Run(lines, length, a, rowA, stepA, lineA, b, c, rowC); break;
        }
    }
}
