using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The blocked product. C is cut into one rectangle per thread; within its rectangle a thread works alone, packing its own operands.
/// </summary>
/// <remarks>
/// Packing the shared operand once per thread costs a few per cent of its copy time; sharing it would cost a barrier per block of k.
/// The order of the sum for one value of C depends only on k (the blocks of k are added in turn), so neither the
/// rectangles nor the packing policy can change its bits.
/// </remarks>
internal static unsafe class BlockedProduct<T, V, L>
    where T : unmanaged, INumberBase<T>
    where V : struct
    where L : ILanes<T, V>
{
    // A strip of B (2 vectors x depth) stays in L1, a block of A (rows x depth) in L2, a block of B (columns x depth) in L2 or L3.
    private const int DepthBytes = 2048, RowsPerBlock = 240, ColumnsPerBlock = 2048;

    // Below this many multiply-adds per thread a second thread costs more than it saves.
    private const long WorkPerThread = 1 << 16;

    // Columns of C per strip.
    private static int Strip => 2 * L.Count;

    internal static void Run(ref Product<T> product)
    {
        int parts = (int)Math.Min(Compute.Threads, product.Work / WorkPerThread);
        if (parts <= 1)
        {
            RunRectangle(ref product);
            return;
        }
        var body = new Rectangles(product, parts);
        WorkerPool.For(body.Count, 1, ref body);
    }

    /// <summary>The whole product on the calling thread.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void RunRectangle(ref Product<T> product)
    {
        product.PlaceBias();
        ref readonly Product<T> x = ref product;
        int depth = Depth(x.K), columns = Math.Min(x.N, ColumnsPerBlock), rows = Math.Min(x.M, RowsPerBlock);
        bool packB = x.PackedB is null && ShouldPackB(in x), packA = ShouldPackA(in x);
        nint paddedColumns = packB ? (columns + Strip - 1) / Strip * Strip : Strip;
        T* packedB = (T*)Scratch.Take((depth * paddedColumns + (packA ? (nint)depth * rows : 0)) * sizeof(T));
        T* packedA = packedB + depth * paddedColumns;

        for (int j = 0; j < x.N; j += columns)
        {
            int width = Math.Min(columns, x.N - j);
            for (int p = 0; p < x.K; p += depth)
            {
                int length = Math.Min(depth, x.K - p);
                Product<T> block = x;
                (block.N, block.K) = (width, length);
                block.A = x.A + p * x.ColA;
                block.B = x.B + p * x.RowB + j * x.ColB;
                block.C = x.C + j;
                block.Accumulate = x.Accumulate || p > 0;
                T* b = packedB;
                if (packB) { PackB(in block, packedB); }
                else if (x.PackedB is not null) { b = x.PackedB + (nint)p * x.PackedColumns + (nint)(x.Left + j) * length; }
                for (int i = 0; i < x.M; i += rows)
                {
                    Product<T> slab = block;
                    slab.M = Math.Min(rows, x.M - i);
                    slab.A = block.A + i * x.RowA;
                    slab.C = block.C + i * x.RowC;
                    if (packA) { PackA(in slab, packedA); }
                    RunSlab(in slab, packA ? packedA : null, b, packB || x.PackedB is not null);
                }
            }
        }
    }

    /// <summary>All of B, one block of k after the other, each in strips.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Pack(in Product<T> x, T* target)
    {
        int depth = Depth(x.K);
        for (int p = 0; p < x.K; p += depth)
        {
            Product<T> block = x;
            block.K = Math.Min(depth, x.K - p);
            block.B = x.B + p * x.RowB;
            PackB(in block, target + (nint)p * x.PackedColumns);
        }
    }

    /// <summary>The length of a block of k: a function of k alone, which fixes the order of every sum.</summary>
    private static int Depth(int k)
    {
        int largest = DepthBytes / sizeof(T), blocks = (k + largest - 1) / largest;
        return (k + blocks - 1) / blocks;
    }

    // Contiguous rows of B may be read in place; packing pays once several row tiles use each value and B leaves L1.
    private static bool ShouldPackB(in Product<T> x) => x.ColB != 1 || (x.M > 4 * L.TileRows && (long)x.N * x.K > 128 * 128);

    // A may be read in place at any strides; packing pays once several strips use each value.
    private static bool ShouldPackA(in Product<T> x) => x.N > 8 * Strip;

    [MethodImpl(Kernel.Loop)]
    private static void RunSlab(in Product<T> x, T* packedA, T* packedB, bool isPackedB)
    {
        T* edge = stackalloc T[L.TileRows * Strip];
        for (int j = 0; j < x.N; j += Strip)
        {
            int width = Math.Min(Strip, x.N - j), vectors = width > L.Count ? 2 : 1, padded = vectors * L.Count;
            T* b = x.B + j * x.ColB;
            nint rowB = x.RowB;
            if (isPackedB)
            {
                b = packedB + (nint)j * x.K;
                rowB = padded;
            }
            else if (width < padded)
            {
                // The last strip would be read past its end.
                Packing.Pack(packedB, padded, b, width, x.ColB, x.K, x.RowB);
                b = packedB;
                rowB = padded;
            }
            for (int i = 0, tile; i < x.M; i += tile)
            {
                tile = TileHeight(x.M - i);
                T* a = packedA is null ? x.A + i * x.RowA : packedA + (nint)i * x.K;
                nint rowA = packedA is null ? x.RowA : 1, colA = packedA is null ? x.ColA : tile;
                T* c = x.C + i * x.RowC + j;
                if (width == padded)
                {
                    RegisterTiles<T, V, L>.Run(tile, vectors, x.K, a, rowA, colA, b, rowB, c, x.RowC, x.Accumulate);
                }
                else
                {
                    RegisterTiles<T, V, L>.Run(tile, vectors, x.K, a, rowA, colA, b, rowB, edge, padded, false);
                    CopyEdge(edge, padded, c, x.RowC, tile, width, x.Accumulate);
                }
            }
        }
    }

    /// <summary>Rows of the next tile. A tail of a few rows would leave the multipliers waiting, so the last two tiles share it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TileHeight(int rows)
    {
        if (rows <= L.TileRows) { return rows; }
        int tail = rows - L.TileRows;
        return tail >= 4 ? L.TileRows : (rows + 1) / 2;
    }

    [MethodImpl(Kernel.Loop)]
    private static void PackA(in Product<T> x, T* target)
    {
        for (int i = 0, tile; i < x.M; i += tile)
        {
            tile = TileHeight(x.M - i);
            Packing.Pack(target + (nint)i * x.K, tile, x.A + i * x.RowA, tile, x.RowA, x.K, x.ColA);
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void PackB(in Product<T> x, T* target)
    {
        for (int j = 0; j < x.N; j += Strip)
        {
            int width = Math.Min(Strip, x.N - j), padded = width > L.Count ? Strip : L.Count;
            Packing.Pack(target + (nint)j * x.K, padded, x.B + j * x.ColB, width, x.ColB, x.K, x.RowB);
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void CopyEdge(T* edge, int padded, T* c, nint rowC, int rows, int width, bool add)
    {
        for (int i = 0; i < rows; i++, edge += padded, c += rowC)
        {
            int j = 0;
            for (; j <= width - L.Count; j += L.Count)
            {
                V value = L.Load(edge + j);
                L.Store(add ? L.Add(L.Load(c + j), value) : value, c + j);
            }
            for (; j < width; j++) { c[j] = add ? c[j] + edge[j] : edge[j]; }
        }
    }

    /// <summary>C cut into a grid of rectangles with about as many cells as there are threads.</summary>
    private struct Rectangles : IRangeBody
    {
        // Packing one value costs about this many multiply-adds.
        private const long PackCost = 8;
        private const int RowAlign = 4;

        private Product<T> entire;
        private readonly int cutsDown, cutsAcross;

        [MethodImpl(Kernel.Loop)]
        internal Rectangles(in Product<T> product, int parts)
        {
            entire = product;
            (cutsDown, cutsAcross) = (1, 1);
            long best = long.MaxValue;
            for (int gridRows = 1; gridRows <= parts; gridRows++)
            {
                int gridColumns = parts / gridRows;
                long rows = Share(product.M, RowAlign, gridRows), columns = Share(product.N, Strip, gridColumns);
                long cost = rows * columns + PackCost * (rows + columns);
                if (cost < best) { (best, cutsDown, cutsAcross) = (cost, gridRows, gridColumns); }
            }
        }

        internal readonly int Count => cutsDown * cutsAcross;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int cell = start; cell < end; cell++)
            {
                int row = cell / cutsAcross, column = cell % cutsAcross;
                Product<T> cut = entire.Cut(
                    WorkerPool.Boundary(entire.M, RowAlign, row, cutsDown),
                    WorkerPool.Boundary(entire.M, RowAlign, row + 1, cutsDown),
                    WorkerPool.Boundary(entire.N, Strip, column, cutsAcross),
                    WorkerPool.Boundary(entire.N, Strip, column + 1, cutsAcross));
                if (cut.M > 0 && cut.N > 0) { RunRectangle(ref cut); }
            }
        }

        // The largest share of `count` when it is cut into `parts` at multiples of `align`.
        private static long Share(int count, int align, int parts)
        {
            long units = (count + align - 1L) / align;
            return Math.Min(count, (units + parts - 1) / parts * align);
        }
    }
}
