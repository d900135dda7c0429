using System.Buffers;
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
    const int BlockBytes = 320 << 10, TapsPerPass = 320;

    // A small batch is still cut into this many blocks.
    const int WantedBlocks = 16;

    static int Strip => 2 * L.Count;

    internal static void Run(in PatchProblem<T> problem)
    {
        var body = new Body { P = problem };
        body.Prepare();
        int[] offsets = body.Offsets();
        T[] weights = ArrayPool<T>.Shared.Rent(Math.Max(1, problem.Groups * problem.Rows * body.K));
        fixed (T* packed = weights)
        fixed (int* table = offsets)
        {
            body.Packed = packed;
            body.Table = table;
            body.Pack();
            WorkerPool.For(body.Items, 1, ref body);
        }
        ArrayPool<T>.Shared.Return(weights);
    }

    struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal T* Packed;
        internal int* Table;
        internal int K, Items;
        int _blockRows, _rowBlocks, _blockColumns, _columnBlocks, _slabDepth, _slabRows, _slabColumns, _plane, _planes, _bufferColumns;

        internal void Prepare()
        {
            K = P.Channels * P.Taps;
            _planes = P.Depth.Phases * P.Height.Phases * P.Width.Phases;
            _slabDepth = 1 + P.Depth.Reach;
            int grid = P.Height.Grid;
            long deep = (long)P.Channels * _planes * _slabDepth, images = (long)P.Batch * P.Groups * P.Depth.Grid;
            // Rows are cut only where a single one is too long for the cache, as in a long sequence.
            long perPosition = sizeof(T) * (deep * (1 + P.Height.Reach) + P.Rows);
            (_blockColumns, _columnBlocks) = Cut(P.Width.Grid, BlockBytes / perPosition, images * grid, 4 * Strip);
            _slabColumns = _blockColumns + P.Width.Reach;
            long perRow = _slabColumns * sizeof(T) * (deep + P.Rows), reach = _slabColumns * sizeof(T) * deep * P.Height.Reach;
            (_blockRows, _rowBlocks) = Cut(grid, (BlockBytes - reach) / perRow, images * _columnBlocks, (2 * Strip + _slabColumns - 1) / _slabColumns);
            _slabRows = _blockRows + P.Height.Reach;
            _plane = _slabRows * _slabColumns;
            _bufferColumns = (_blockRows * _slabColumns + Strip - 1) / Strip * Strip;
            Items = checked((int)(images * _rowBlocks * _columnBlocks));
        }

        /// <summary>Cuts a length into equal blocks of at most so many, but enough of them for all threads unless that makes them too small.</summary>
        static (int Length, int Blocks) Cut(int length, long largest, long others, int smallest)
        {
            long wanted = Math.Max(1, WantedBlocks / Math.Max(1, others));
            long block = Math.Max(Math.Min(largest, (length + wanted - 1) / wanted), smallest);
            long blocks = (length + block - 1) / block;
            block = (length + blocks - 1) / blocks;
            return ((int)block, (int)((length + block - 1) / block));
        }

        /// <summary>Where each tap of each channel starts in the slab.</summary>
        internal readonly int[] Offsets()
        {
            var offsets = new int[K];
            int k = 0;
            for (int c = 0; c < P.Channels; c++)
            {
                for (int d = 0; d < P.Depth.Taps; d++)
                {
                    for (int h = 0; h < P.Height.Taps; h++)
                    {
                        for (int w = 0; w < P.Width.Taps; w++)
                        {
                            int plane = ((c * P.Depth.Phases + P.Depth.Phase[d]) * P.Height.Phases + P.Height.Phase[h]) * P.Width.Phases + P.Width.Phase[w];
                            offsets[k++] = (plane * _slabDepth + P.Depth.Index[d]) * _plane + P.Height.Index[h] * _slabColumns + P.Width.Index[w];
                        }
                    }
                }
            }
            return offsets;
        }

        internal readonly void Pack()
        {
            if (K == 0) { return; }
            int[] taps = new int[P.Taps];
            int k = 0;
            foreach (int d in P.Depth.Kernel)
            {
                foreach (int h in P.Height.Kernel)
                {
                    foreach (int w in P.Width.Kernel) { taps[k++] = (d * P.KernelHeight + h) * P.KernelWidth + w; }
                }
            }
            fixed (int* pinned = taps)
            {
                var body = new PackBody { P = P, Packed = Packed, K = K, Taps = pinned };
                WorkerPool.For(P.Groups * P.Rows, Math.Max(1, 8192 / K), ref body);
            }
        }

        public readonly void Invoke(int start, int end)
        {
            nint slabLength = (nint)P.Channels * _planes * _slabDepth * _plane + 2 * Strip;
            T* slab = (T*)Scratch.Take((slabLength + (nint)P.Rows * _bufferColumns + Strip) * sizeof(T));
            T* buffer = slab + slabLength;
            for (int item = start; item < end; item++)
            {
                int column = item % _columnBlocks * _blockColumns, row = item / _columnBlocks % _rowBlocks * _blockRows;
                int rest = item / _columnBlocks / _rowBlocks, depth = rest % P.Depth.Grid, image = rest / P.Depth.Grid;
                int rows = Math.Min(_blockRows, P.Height.Grid - row), columns = Math.Min(_blockColumns, P.Width.Grid - column);
                if (K == 0) { new Span<T>(buffer, P.Rows * _bufferColumns).Clear(); }
                else
                {
                    FillSlab(slab, image, depth, row, rows, column);
                    Multiply(slab, buffer, image % P.Groups, (rows - 1) * _slabColumns + columns);
                }
                Deliver(buffer, image, depth, row, rows, column, columns);
            }
        }

        readonly void FillSlab(T* slab, int image, int depth, int row, int rows, int column)
        {
            TapAxis d = P.Depth, h = P.Height, w = P.Width;
            T* end = P.Source + (nint)P.Batch * P.Groups * P.Channels * P.SourcePlane;
            T* source = P.Source + (nint)image * P.Channels * P.SourcePlane;
            T* target = slab;
            for (int c = 0; c < P.Channels; c++, source += P.SourcePlane)
            {
                foreach (int shiftD in d.PhaseShift)
                {
                    foreach (int shiftH in h.PhaseShift)
                    {
                        foreach (int shiftW in w.PhaseShift)
                        {
                            for (int q = 0; q < _slabDepth; q++, target += _plane)
                            {
                                int at = (depth + q) * d.Step + d.First + shiftD;
                                bool inside = (uint)at < (uint)d.Source;
                                PlaneCopy<T, V, L>.Fill(target, rows + h.Reach, _slabColumns, inside ? source + (nint)at * h.Source * w.Source : source,
                                    inside ? h.Source : 0, w.Source, row * h.Step + h.First + shiftH, h.Step, column * w.Step + w.First + shiftW, w.Step, end);
                            }
                        }
                    }
                }
            }
        }

        readonly void Multiply(T* slab, T* buffer, int group, int columns)
        {
            T* weights = Packed + (nint)group * P.Rows * K;
            int j = 0;
            if (P.Rows == 1)
            {
                for (; j < columns - DepthwiseTile<T, V, L>.Width / 2 && j + DepthwiseTile<T, V, L>.Width <= _bufferColumns; j += DepthwiseTile<T, V, L>.Width)
                {
                    DepthwiseTile<T, V, L>.Run(K, weights, Table, slab + j, buffer + j);
                }
            }
            int pass = P.Rows == 1 ? K : Math.Max(1, TapsPerPass / P.Taps) * P.Taps;
            for (int k = 0; k < K; k += pass)
            {
                int length = Math.Min(pass, K - k);
                int column = j;
                if (P.Rows is 2 or 3 && L.TileRows == 12)
                {
                    for (; column < columns - Strip && column + 2 * Strip <= _bufferColumns; column += 2 * Strip)
                    {
                        Wide(length, weights + (nint)k * P.Rows, Table + k, slab + column, buffer + column, k > 0);
                    }
                }
                for (; column < columns; column += Strip)
                {
                    int vectors = columns - column > L.Count ? 2 : 1;
                    for (int row = 0, tile; row < P.Rows; row += tile)
                    {
                        tile = PatchRows.Tile(P.Rows - row, L.TileRows);
                        PatchTiles<T, V, L>.Run(tile, vectors, length, weights + (nint)row * K + (nint)k * tile, Table + k, slab + column,
                            buffer + (nint)row * _bufferColumns + column, _bufferColumns, k > 0);
                    }
                }
            }
        }

        readonly void Wide(int length, T* a, int* offsets, T* b, T* c, bool add)
        {
            if (P.Rows == 2) { WideTile<T, V, L, N2>.Run(length, a, offsets, b, c, _bufferColumns, add); }
            else { WideTile<T, V, L, N3>.Run(length, a, offsets, b, c, _bufferColumns, add); }
        }

        /// <summary>Adds the bias and puts the results where they belong, without the positions between rows.</summary>
        readonly void Deliver(T* buffer, int image, int depth, int row, int rows, int column, int columns)
        {
            TapAxis d = P.Depth, h = P.Height, w = P.Width;
            bool whole = h.OutputStep == 1 && _columnBlocks == 1;
            T zero = default;
            for (int r = 0; r < P.Rows; r++)
            {
                T* bias = P.Bias is null ? &zero : P.Bias + image % P.Groups * P.Rows + r;
                T* plane = P.Target + ((nint)image * P.Rows + r) * P.TargetPlane + (nint)(d.OutputStart + depth * d.OutputStep) * P.TargetHeight * P.TargetWidth;
                T* end = plane + (row + rows) * P.TargetWidth;
                for (int i = 0; i < rows; i++)
                {
                    T* from = buffer + (nint)r * _bufferColumns + i * _slabColumns;
                    T* to = plane + (nint)(h.OutputStart + (row + i) * h.OutputStep) * P.TargetWidth + w.OutputStart + column * w.OutputStep;
                    if (w.OutputStep == 1) { PatchRows.Copy<T, V, L>(to, from, columns, *bias, whole ? end : to + columns); }
                    else { PatchRows.Scatter<T, V, L>(to, w.OutputStep, from, columns, *bias); }
                }
            }
        }
    }

    struct PackBody : IRangeBody
    {
        internal PatchProblem<T> P;
        internal T* Packed;
        internal int* Taps;
        internal int K;

        public readonly void Invoke(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int group = item / P.Rows, row = item % P.Rows, first = 0, tile = PatchRows.Tile(P.Rows, L.TileRows);
                while (first + tile <= row)
                {
                    first += tile;
                    tile = PatchRows.Tile(P.Rows - first, L.TileRows);
                }
                T* source = P.Weights + (nint)group * P.WeightGroup + (nint)row * P.WeightRow;
                T* target = Packed + ((nint)group * P.Rows + first) * K + (row - first);
                for (int c = 0; c < P.Channels; c++, source += P.WeightChannel)
                {
                    for (int t = 0; t < P.Taps; t++, target += tile) { *target = source[Taps[t]]; }
                }
            }
        }
    }
}
