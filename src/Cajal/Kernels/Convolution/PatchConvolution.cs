using System.Buffers;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Sums over taps as products of matrices whose right operand is never built. A block of result rows at a time, the source rows it needs are
/// copied, padded and split by remainder of the stride, into a slab that stays in cache; there each tap is a run of neighbours at a fixed offset.
/// </summary>
/// <remarks>
/// Positions are counted along the slab's rows, so the few between the end of a result row and the start of the next are computed and
/// dropped. Blocks are a function of shapes, and no two share a result: threads cannot change a bit.
/// </remarks>
internal static unsafe class PatchConvolution<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    // The slab and the results of a block together: a third of a 1 MiB L2. Taps per pass over the block: their weights and lines fit L1.
    private const int BlockBytes = 320 << 10, TapsPerPass = 320;

    // A small batch is still cut into this many blocks.
    private const int WantedBlocks = 16;

    private static int Strip => 2 * L.Count;

    internal static void Run(in PatchProblem<T> problem)
    {
        var body = new Body { P = problem, Parts = PatchPart.All(in problem), Slab = new(problem.Depth, problem.Height, problem.Width) };
        body.Prepare();
        int[] offsets = new int[body.Parts.Sum(part => part.K)];
        foreach (var part in body.Parts) { body.Slab.Offsets(part, problem.Channels, offsets.AsSpan(part.FirstOffset)); }
        T[] weights = ArrayPool<T>.Shared.Rent(Math.Max(1, checked(problem.Groups * problem.Rows * offsets.Length)));
        fixed (T* packed = weights)
        fixed (int* table = offsets)
        {
            body.Packed = packed;
            body.Table = table;
            foreach (var part in body.Parts) { PackedWeights<T, V, L>.Pack(in problem, part, packed + part.FirstWeight); }
            WorkerPool.For(body.Items, 1, ref body);
        }
        ArrayPool<T>.Shared.Return(weights);
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal PatchPart[] Parts;
        internal SlabShape Slab;
        internal T* Packed;
        internal int* Table;
        internal int Items;
        private int blockRows, rowBlocks, blockColumns, columnBlocks, bufferColumns;

        internal void Prepare()
        {
            int grid = Slab.Height.Grid;
            long deep = (long)P.Channels * Slab.Planes, images = (long)P.Batch * P.Groups * Slab.Depth.Grid;
            // Rows are cut only where a single one is too long for the cache, as in a long sequence.
            long perPosition = sizeof(T) * (deep * (1 + Slab.ReachH) + P.Rows);
            (blockColumns, columnBlocks) = Cut(Slab.Width.Grid, BlockBytes / perPosition, images * grid, 4 * Strip);
            Slab.Columns = blockColumns + Slab.ReachW;
            long perRow = Slab.Columns * sizeof(T) * (deep + P.Rows), reach = Slab.Columns * sizeof(T) * deep * Slab.ReachH;
            (blockRows, rowBlocks) = Cut(grid, (BlockBytes - reach) / perRow, images * columnBlocks, (2 * Strip + Slab.Columns - 1) / Slab.Columns);
            Slab.Rows = blockRows + Slab.ReachH;
            bufferColumns = (blockRows * Slab.Columns + Strip - 1) / Strip * Strip;
            Items = checked((int)(images * rowBlocks * columnBlocks));
        }

        /// <summary>Cuts a length into equal blocks of at most so many, but enough of them for all threads unless that makes them too small.</summary>
        private static (int Length, int Blocks) Cut(int length, long largest, long others, int smallest)
        {
            long wanted = Math.Max(1, WantedBlocks / Math.Max(1, others));
            long block = Math.Max(Math.Min(largest, (length + wanted - 1) / wanted), smallest);
            long blocks = (length + block - 1) / block;
            block = (length + blocks - 1) / blocks;
            return ((int)block, (int)((length + block - 1) / block));
        }

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            nint slabLength = (nint)P.Channels * Slab.Planes * Slab.Plane + 2 * Strip;
            T* slab = (T*)Scratch.Take((slabLength + (nint)P.Rows * bufferColumns + Strip) * sizeof(T));
            T* buffer = slab + slabLength;
            for (int item = start; item < end; item++)
            {
                int column = item % columnBlocks * blockColumns, row = item / columnBlocks % rowBlocks * blockRows;
                int rest = item / columnBlocks / rowBlocks, depth = rest % Slab.Depth.Grid, image = rest / Slab.Depth.Grid;
                FillSlab(slab, image, depth, row, Math.Min(blockRows, Slab.Height.Grid - row), column);
                foreach (var part in Parts)
                {
                    int rows = Math.Min(blockRows, part.Height.Grid - row), columns = Math.Min(blockColumns, part.Width.Grid - column);
                    if (depth >= part.Depth.Grid || rows <= 0 || columns <= 0) { continue; }
                    if (part.K == 0) { new Span<T>(buffer, P.Rows * bufferColumns).Clear(); }
                    else { Multiply(part, slab, buffer, image % P.Groups, (rows - 1) * Slab.Columns + columns); }
                    Deliver(part, buffer, image, depth, row, rows, column, columns);
                }
            }
        }

        private readonly void FillSlab(T* target, int image, int depth, int row, int rows, int column)
        {
            T* end = P.Source + (nint)P.Batch * P.Groups * P.Channels * P.SourcePlane, source = P.Source + (nint)image * P.Channels * P.SourcePlane;
            for (int c = 0; c < P.Channels; c++, source += P.SourcePlane, target += (nint)Slab.Planes * Slab.Plane)
            {
                PlaneCopy<T, V, L>.Fill(target, Slab, source, depth, row, rows, column, false, end);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Multiply(PatchPart part, T* slab, T* buffer, int group, int columns)
        {
            T* weights = Packed + part.FirstWeight + (nint)group * P.Rows * part.K;
            int* table = Table + part.FirstOffset;
            int first = 0, depthwise = DepthwiseTile<T, V, L>.Width;
            if (P.Rows == 1)
            {
                for (; first < columns - depthwise / 2 && first + depthwise <= bufferColumns; first += depthwise)
                {
                    DepthwiseTile<T, V, L>.Run(part.K, weights, table, slab + first, buffer + first);
                }
            }
            int pass = P.Rows == 1 ? part.K : Math.Max(1, TapsPerPass / part.Taps) * part.Taps;
            for (int k = 0; k < part.K; k += pass)
            {
                int length = Math.Min(pass, part.K - k), column = first;
                if (P.Rows is 2 or 3 && L.TileRows == 12)
                {
                    for (; column < columns - Strip && column + 2 * Strip <= bufferColumns; column += 2 * Strip)
                    {
                        Wide(length, weights + (nint)k * P.Rows, table + k, slab + column, buffer + column, k > 0);
                    }
                }
                for (; column < columns; column += Strip)
                {
                    int vectors = columns - column > L.Count ? 2 : 1;
                    for (int row = 0, tile; row < P.Rows; row += tile)
                    {
                        tile = PatchRows.Tile(P.Rows - row, L.TileRows);
                        PatchTiles<T, V, L>.Run(tile, vectors, length, weights + (nint)row * part.K + (nint)k * tile, table + k, slab + column,
                            buffer + (nint)row * bufferColumns + column, bufferColumns, k > 0);
                    }
                }
            }
        }

        private readonly void Wide(int length, T* a, int* offsets, T* b, T* c, bool add)
        {
            if (P.Rows == 2) { WideTile<T, V, L, N2>.Run(length, a, offsets, b, c, bufferColumns, add); }
            else { WideTile<T, V, L, N3>.Run(length, a, offsets, b, c, bufferColumns, add); }
        }

        /// <summary>Adds the bias and puts the results where they belong, without the positions between rows.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Deliver(PatchPart part, T* buffer, int image, int depth, int row, int rows, int column, int columns)
        {
            TapAxis d = part.Depth, h = part.Height, w = part.Width;
            bool whole = h.OutputStep == 1 && columnBlocks == 1;
            T zero = default;
            for (int r = 0; r < P.Rows; r++)
            {
                T* bias = P.Bias is null ? &zero : P.Bias + image % P.Groups * P.Rows + r;
                T* plane = P.Target + ((nint)image * P.Rows + r) * P.TargetPlane + (nint)(d.OutputStart + depth * d.OutputStep) * P.TargetHeight * P.TargetWidth;
                T* end = plane + (row + rows) * P.TargetWidth;
                for (int i = 0; i < rows; i++)
                {
                    T* from = buffer + (nint)r * bufferColumns + i * Slab.Columns;
                    T* to = plane + (nint)(h.OutputStart + (row + i) * h.OutputStep) * P.TargetWidth + w.OutputStart + column * w.OutputStep;
                    if (w.OutputStep == 1) { PatchRows.Copy<T, V, L>(to, from, columns, *bias, whole ? end : to + columns); }
                    else { PatchRows.Scatter<T, V, L>(to, w.OutputStep, from, columns, *bias); }
                }
            }
        }
    }
}
