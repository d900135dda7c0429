using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

internal readonly struct N1 : IConstant { public static int Value => 1; }
internal readonly struct N2 : IConstant { public static int Value => 2; }
internal readonly struct N3 : IConstant { public static int Value => 3; }
internal readonly struct N4 : IConstant { public static int Value => 4; }
internal readonly struct N5 : IConstant { public static int Value => 5; }
internal readonly struct N6 : IConstant { public static int Value => 6; }
internal readonly struct N7 : IConstant { public static int Value => 7; }
internal readonly struct N8 : IConstant { public static int Value => 8; }
internal readonly struct N9 : IConstant { public static int Value => 9; }
internal readonly struct N10 : IConstant { public static int Value => 10; }
internal readonly struct N11 : IConstant { public static int Value => 11; }
internal readonly struct N12 : IConstant { public static int Value => 12; }

/// <summary>Picks the register tile of the wanted height, so a row tail costs what its rows cost. Tiles are compiled when first used.</summary>
internal static unsafe class RegisterTiles<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(
        int rows, int vectors, nint k, T* a, nint rowA, nint colA, T* b, nint rowB, T* c, nint rowC, bool add)
    {
        if (vectors == 2) { Run<N2>(rows, k, a, rowA, colA, b, rowB, c, rowC, add); } else { Run<N1>(rows, k, a, rowA, colA, b, rowB, c, rowC, add); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TVectors>(int rows, nint k, T* a, nint rowA, nint colA, T* b, nint rowB, T* c, nint rowC, bool add)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 1: RegisterTile<T, V, L, N1, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 2: RegisterTile<T, V, L, N2, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 3: RegisterTile<T, V, L, N3, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 4: RegisterTile<T, V, L, N4, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 5: RegisterTile<T, V, L, N5, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 6: RegisterTile<T, V, L, N6, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            default:
                if (L.TileRows > 6) { RunTall<TVectors>(rows, k, a, rowA, colA, b, rowB, c, rowC, add); }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTall<TVectors>(int rows, nint k, T* a, nint rowA, nint colA, T* b, nint rowB, T* c, nint rowC, bool add)
        where TVectors : IConstant
    {
        switch (rows)
        {
            case 7: RegisterTile<T, V, L, N7, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 8: RegisterTile<T, V, L, N8, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 9: RegisterTile<T, V, L, N9, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 10: RegisterTile<T, V, L, N10, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 11: RegisterTile<T, V, L, N11, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
            case 12: RegisterTile<T, V, L, N12, TVectors>.Run(k, a, rowA, colA, b, rowB, c, rowC, add); break;
        }
    }
}
