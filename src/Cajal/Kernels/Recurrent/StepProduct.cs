using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>
/// A matrix B [k, n] that is packed once and multiplied at every step of a sequence: C = A B or C += A B, a few rows at a time, on the calling thread.
/// </summary>
/// <remarks>
/// Rows of C are <see cref="Padded"/> columns wide, so there is no edge to treat. Each value of C is one chain of multiply-adds over rising k: its bits
/// depend neither on how many rows are multiplied at once nor on the thread.
/// </remarks>
internal readonly unsafe struct StepProduct<T> where T : unmanaged, INumberBase<T>
{
    private readonly T* packed;
    private readonly int k, padded;

    /// <summary>Packs B, whose strides are any, into <paramref name="memory"/>, which holds <see cref="Length"/> values.</summary>
    [MethodImpl(Kernel.Loop)]
    internal StepProduct(T* memory, int k, int n, T* b, nint rowB, nint colB)
    {
        packed = memory;
        this.k = k;
        padded = Padded(n);
        for (int j = 0; j < n; j += Strip)
        {
            Packing.Pack(packed + (nint)j * k, Math.Min(Strip, padded - j), b + j * colB, Math.Min(Strip, n - j), colB, k, rowB);
        }
    }

    private static int Lanes =>
        Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256.IsHardwareAccelerated ? Vector256<T>.Count : Vector128.IsHardwareAccelerated ? Vector128<T>.Count : 1;

    private static int Strip => 2 * Lanes;

    /// <summary>n columns rounded up to whole vectors.</summary>
    internal static int Padded(int n) => (n + Lanes - 1) / Lanes * Lanes;

    /// <summary>How many values B takes up when packed.</summary>
    internal static int Length(int k, int n) => checked(k * Padded(n));

    /// <summary>C = A B, or C += A B: A [rows, k] with contiguous rows, C [rows, padded n].</summary>
    internal void Run(int rows, T* a, nint rowA, T* c, nint rowC, bool add)
    {
        if (Vector512.IsHardwareAccelerated) Run<Vector512<T>, Lanes512<T>>(rows, a, rowA, c, rowC, add);
        else if (Vector256.IsHardwareAccelerated) Run<Vector256<T>, Lanes256<T>>(rows, a, rowA, c, rowC, add);
        else if (Vector128.IsHardwareAccelerated) Run<Vector128<T>, Lanes128<T>>(rows, a, rowA, c, rowC, add);
        else Run<T, Lanes1<T>>(rows, a, rowA, c, rowC, add);
    }

    private void Run<V, L>(int rows, T* a, nint rowA, T* c, nint rowC, bool add)
        where V : struct
        where L : ILanes<T, V>
    {
        for (int j = 0; j < padded; j += 2 * L.Count)
        {
            int vectors = padded - j >= 2 * L.Count ? 2 : 1;
            T* b = packed + (nint)j * k;
            for (int i = 0, tile; i < rows; i += tile)
            {
                tile = TileHeight(rows - i, L.TileRows);
                RegisterTiles<T, V, L>.Run(tile, vectors, k, a + i * rowA, rowA, 1, b, vectors * L.Count, c + i * rowC + j, rowC, add);
            }
        }
    }

    /// <summary>Whole tiles while they fit; a short tail is shared by the last two, so that neither leaves the multipliers waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TileHeight(int rows, int tallest) => rows <= tallest ? rows : rows < tallest + 4 ? (rows + 1) / 2 : tallest;
}
