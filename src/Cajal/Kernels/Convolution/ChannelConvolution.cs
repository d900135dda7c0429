using System.Buffers;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Sums over taps with many result channels, which lie in the lanes. A block of result rows at a time, the source rows it needs are copied with the zeros
/// around them into a slab that stays in cache; results are turned on their way out, so that positions are neighbours again.
/// </summary>
/// <remarks>Each result is one chain of multiply-adds from the bias over channels and taps: blocks and threads cannot change a bit.</remarks>
internal static unsafe class ChannelConvolution<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    // The slab of a block leaves half of a 1 MiB L2 to the weights.
    private const int BlockBytes = 480 << 10;

    // The weights of a pass nearly fill the nearest cache, of 32 KiB, while all positions of the block use them.
    private const int PassBytes = 28 << 10;

    // A small batch is still cut into this many blocks.
    private const int WantedBlocks = 16;

    /// <summary>
    /// Whether the lanes that stay empty cost less than what the other way computes and drops: the positions between rows, and (measured) a twentieth more.
    /// </summary>
    internal static bool Fits(in PatchProblem<T> problem)
    {
        TapAxis w = problem.Width[0];
        return problem.Rows >= L.Count && 20L * Lanes(problem.Rows) * w.Grid <= 21L * problem.Rows * (w.Grid + w.Reach);
    }

    private static int Lanes(int rows) => (rows + L.Count - 1) / L.Count * L.Count;

    internal static void Run(in PatchProblem<T> problem)
    {
        var body = new Body { P = problem, Parts = PatchPart.All(in problem) };
        body.Prepare();
        int count = body.Parts.Sum(part => part.K), lanes = Lanes(problem.Rows);
        int[] offsets = new int[count];
        foreach (var part in body.Parts) { body.WriteOffsets(part, offsets.AsSpan(part.FirstOffset, part.K)); }
        T[] weights = ArrayPool<T>.Shared.Rent(checked(problem.Groups * lanes * (count + 1)));
        fixed (T* packed = weights)
        fixed (int* table = offsets)
        {
            body.Table = table;
            body.Weights = packed;
            PackedChannels<T, V, L>.Pack(in problem, body.Parts, count, packed);
            WorkerPool.For(body.Items, 1, ref body);
        }
        ArrayPool<T>.Shared.Return(weights);
    }

    private struct Body : IRangeBody
    {
        internal PatchProblem<T> P;
        internal PatchPart[] Parts;
        internal T* Weights;
        internal int* Table;
        internal int Items;
        private int taps, lanes, spanD, spanH, spanW, slabRows, slabColumns, slabPitch, blockRows, rowBlocks, blockColumns, columnBlocks;

        internal void Prepare()
        {
            TapAxis d = P.Depth[0], h = P.Height[0], w = P.Width[0];
            (spanD, spanH, spanW) = (TapAxis.Span(P.Depth), TapAxis.Span(P.Height), TapAxis.Span(P.Width));
            taps = Parts.Sum(part => part.K);
            lanes = Lanes(P.Rows);
            int steps = P.Height.Length * P.Width.Length;
            long deep = (long)P.Channels * (1 + spanD), images = (long)P.Batch * P.Groups * d.Grid;
            // Rows are cut only where a single one is too long for the cache, as in a long sequence.
            long perPosition = sizeof(T) * (deep * w.Step * (1 + spanH) + 2 * steps * L.Count);
            (blockColumns, columnBlocks) = SlabShape.Cut(w.Grid, Math.Max(4 * L.TileRows, BlockBytes / perPosition));
            slabColumns = (blockColumns - 1) * w.Step + spanW + 1;
            long perRow = sizeof(T) * (deep * h.Step * slabColumns + 2L * steps * L.Count * blockColumns), reach = sizeof(T) * deep * (spanH + 1 - h.Step) * slabColumns;
            long wanted = Math.Max(1, WantedBlocks / Math.Max(1, images * columnBlocks));
            (blockRows, rowBlocks) = SlabShape.Cut(h.Grid, Math.Clamp((BlockBytes - reach) / perRow, 1, (h.Grid + wanted - 1) / wanted));
            slabRows = (blockRows - 1) * h.Step + spanH + 1;
            // Copies of narrow rows run over their end.
            slabPitch = P.Channels * slabColumns + L.Count;
            Items = checked((int)(images * rowBlocks * columnBlocks));
        }

        internal readonly void WriteOffsets(PatchPart part, Span<int> offsets)
        {
            TapAxis d = part.Depth, h = part.Height, w = part.Width;
            int k = 0;
            for (int i = 0; i < d.Taps; i++)
            {
                for (int j = 0; j < h.Taps; j++)
                {
                    for (int channel = 0; channel < P.Channels; channel++)
                    {
                        for (int l = 0; l < w.Taps; l++) { offsets[k++] = (d.Shift(i) * slabRows + h.Shift(j)) * slabPitch + channel * slabColumns + w.Shift(l); }
                    }
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int stepH = P.Height[0].OutputStep, stepW = P.Width[0].OutputStep;
            nint slabLength = (nint)(1 + spanD) * slabRows * slabPitch;
            slabLength = (slabLength + L.Count - 1) / L.Count * L.Count;
            T* slab = (T*)Scratch.Take((slabLength + (nint)blockRows * stepH * blockColumns * stepW * 2 * L.Count) * sizeof(T));
            T* buffer = slab + slabLength;
            for (int item = start; item < end; item++)
            {
                int column = item % columnBlocks * blockColumns, row = item / columnBlocks % rowBlocks * blockRows;
                int rest = item / columnBlocks / rowBlocks, depth = rest % P.Depth[0].Grid, image = rest / P.Depth[0].Grid;
                Fill(slab, image, depth, row, column);
                int rows = Math.Min(blockRows * stepH, P.TargetHeight - row * stepH), columns = Math.Min(blockColumns * stepW, P.TargetWidth - column * stepW);
                for (int first = 0; first < lanes; first += 2 * L.Count)
                {
                    int vectors = lanes - first > L.Count ? 2 : 1, width = vectors * L.Count;
                    for (int d = 0; d < P.Depth.Length; d++)
                    {
                        TapAxis axis = P.Depth[d];
                        if (depth >= axis.Grid) { continue; }
                        for (int i = 0; i < P.Height.Length * P.Width.Length; i++)
                        {
                            Multiply(Parts[d * P.Height.Length * P.Width.Length + i], slab, buffer, image % P.Groups, first, vectors, row, column, columns);
                        }
                        T* target = P.Target + ((nint)image * P.Rows + first) * P.TargetPlane
                            + ((nint)(axis.OutputStart + depth * axis.OutputStep) * P.TargetHeight + row * stepH) * P.TargetWidth + column * stepW;
                        Deliver(buffer, width, target, Math.Min(width, P.Rows - first), rows, columns);
                    }
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Fill(T* slab, int image, int depth, int row, int column)
        {
            TapAxis d = P.Depth[0], h = P.Height[0], w = P.Width[0];
            int rows = (Math.Min(blockRows, h.Grid - row) - 1) * h.Step + spanH + 1;
            T* source = P.Source + (nint)image * P.Channels * P.SourcePlane, end = P.Source + (nint)P.Batch * P.Groups * P.Channels * P.SourcePlane;
            for (int q = 0; q <= spanD; q++, slab += (nint)slabRows * slabPitch)
            {
                int at = depth * d.Step + d.First + q;
                bool inside = (uint)at < (uint)d.Source;
                for (int c = 0; c < P.Channels; c++)
                {
                    T* plane = source + (nint)c * P.SourcePlane;
                    PlaneCopy<T, V, L>.Fill(slab + c * slabColumns, slabPitch, rows, slabColumns, inside ? plane + (nint)at * h.Source * w.Source : plane, inside ? h.Source : 0,
                        w.Source, row * h.Step + h.First, column * w.Step + w.First, false, end);
                }
            }
        }

        /// <summary>The results of one part, in the buffer [row, column, channel] of the target's rows and columns.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Multiply(PatchPart part, T* slab, T* buffer, int group, int first, int vectors, int row, int column, int targetColumns)
        {
            TapAxis h = part.Height, w = part.Width;
            int rows = Math.Min(blockRows, h.Grid - row), columns = Math.Min(blockColumns, w.Grid - column), width = vectors * L.Count;
            T* weights = Weights + (nint)P.Groups * lanes + (nint)P.Groups * lanes * part.FirstOffset + ((nint)group * lanes + first) * part.K;
            T* start = Weights + (nint)group * lanes + first;
            nint step = (nint)w.OutputStep * width;
            int tiles = (columns + L.TileRows - 1) / L.TileRows, perRow = P.Channels * w.Taps, pass = Math.Max(1, PassBytes / (width * sizeof(T)));
            for (int begin = 0; begin == 0 || begin < part.K; begin += pass)
            {
                for (int r = 0; r < rows; r++)
                {
                    // Rows above and below the source need not be multiplied.
                    int from = 0, to = part.K;
                    if (part.Depth.Taps == 1)
                    {
                        int at = (row + r) * h.Step + h.First;
                        while (from < to && (uint)(at + h.Shift(from / perRow)) >= (uint)h.Source) { from += perRow; }
                        while (from < to && (uint)(at + h.Shift(to / perRow - 1)) >= (uint)h.Source) { to -= perRow; }
                    }
                    T* c = buffer + ((nint)(h.OutputStart + r * h.OutputStep) * targetColumns + w.OutputStart) * width;
                    if (from >= to)
                    {
                        for (int t = 0; t < columns; t++) { new Span<T>(start, width).CopyTo(new Span<T>(c + t * step, width)); }
                        continue;
                    }
                    int k = Math.Max(from, begin), count = Math.Min(to, begin + pass) - k;
                    if (count <= 0) { continue; }
                    T* a = slab + (nint)r * h.Step * slabPitch;
                    for (int i = 0, left = columns, tile; i < tiles; i++, left -= tile)
                    {
                        tile = left / (tiles - i);
                        ChannelTiles<T, V, L>.Run(tile, vectors, count, a, Table + part.FirstOffset + k, w.Step, weights + (nint)k * width, k == from ? start : c, k == from ? 0 : step, c, step);
                        a += tile * w.Step;
                        c += tile * step;
                    }
                }
            }
        }

        /// <summary>[position, channel] → [channel, position].</summary>
        private readonly void Deliver(T* buffer, int width, T* target, int channels, int rows, int columns)
        {
            if (columnBlocks == 1) { (rows, columns) = (1, rows * columns); }
            for (int r = 0; r < rows; r++)
            {
                Packing.Transpose(target + (nint)r * P.TargetWidth, P.TargetPlane, buffer + (nint)r * columns * width, columns, width, channels);
            }
        }
    }
}
