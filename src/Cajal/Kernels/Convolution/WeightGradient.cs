using System.Buffers;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// dw[o, c, tap] = Σ over images and positions of x[c, position under tap] * dy[o, position]: sums over positions, with the output channels in the lanes.
/// </summary>
/// <remarks>
/// A chunk is a few output rows of one image: its x rows are padded into a slab, its dy turned so that channels are neighbours, two vectors of them at a time.
/// Threads share the input channels. Where these are few, chunks are dealt to a fixed number of partial sums, which are added in order. So no bit depends on
/// the number of threads.
/// </remarks>
internal static unsafe class WeightGradient<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    // The slab and the sums of a block of channels leave some of a 1 MiB L2 to dy. Turned positions of a chunk: two vectors of each fit L1 or nearly so.
    private const int BlockBytes = 640 << 10, ChunkPositions = 512;

    // From so many input channels on, threads share them.
    private const int ManyChannels = 32;

    // A part below so many multiply-adds costs more to add up than it brings.
    private const int WantedParts = 16;
    private const long PartialBytes = 8 << 20, SmallestPart = 1 << 18;

    internal static void Run(ConvGeometry geometry, T* x, T* dy, T* dw)
    {
        var body = new Body { G = geometry, X = x, Dy = dy, Dw = dw };
        body.Prepare();
        if (body.Partials == 1)
        {
            WorkerPool.For(geometry.InChannels, 1, body.Align, ref body);
            return;
        }
        T[] partial = ArrayPool<T>.Shared.Rent(checked((int)((long)body.Partials * body.Size)));
        fixed (T* sums = partial)
        {
            body.Sums = sums;
            WorkerPool.For(body.Partials, 1, ref body);
            var combine = new CombineBody { G = geometry, Sums = sums, Dw = dw, Partials = body.Partials, Size = body.Size, Lanes = body.Lanes };
            WorkerPool.For(geometry.InChannels * geometry.KernelPlane, Math.Max(1, 16384 / body.Lanes), ref combine);
        }
        ArrayPool<T>.Shared.Return(partial);
    }

    private struct Body : IRangeBody
    {
        internal ConvGeometry G;
        internal T* X, Dy, Dw, Sums;

        /// <summary>Output channels rounded up to whole vectors, and elements of one partial sum: [group, channel, tap, Lanes].</summary>
        internal int Lanes, Size;

        /// <summary>How many sums, and at multiples of how many channels threads may part.</summary>
        internal int Partials, Align;
        private int chunkRows, rowBlocks, chunks, blockChannels, slabRows, slabColumns;

        internal void Prepare()
        {
            ConvAxis h = G.Height, w = G.Width;
            Lanes = (G.GroupOutChannels + L.Count - 1) / L.Count * L.Count;
            Size = checked(G.InChannels * G.KernelPlane * Lanes);
            Align = Math.Min(4, G.GroupInChannels);
            (chunkRows, rowBlocks) = SlabShape.Cut(h.Output, Math.Max(1, ChunkPositions / w.Output));
            chunks = checked(G.Batch * G.Depth.Output * rowBlocks);
            slabRows = (chunkRows - 1) * h.Stride + (h.Kernel - 1) * h.Dilation + 1;
            slabColumns = (w.Output - 1) * w.Stride + (w.Kernel - 1) * w.Dilation + 1;
            long perChannel = sizeof(T) * ((long)G.Depth.Kernel * slabRows * slabColumns + (long)G.KernelPlane * Lanes);
            blockChannels = (int)Math.Clamp(BlockBytes / perChannel, Math.Min(L.TileRows, G.GroupInChannels), G.GroupInChannels);
            long work = (long)G.Batch * G.OutputPlane * Size, most = Math.Min(chunks, Math.Min(PartialBytes / sizeof(T) / Size, work / SmallestPart));
            Partials = G.InChannels >= ManyChannels ? 1 : (int)Math.Clamp(most, 1, WantedParts);
        }

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int taps = G.KernelPlane;
            nint slabLength = (nint)blockChannels * G.Depth.Kernel * slabRows * slabColumns + PlaneCopy<T, V, L>.Slack;
            nint upstreamLength = (nint)chunkRows * G.Width.Output * 2 * L.Count;
            T* upstream = (T*)Scratch.Take((slabLength + upstreamLength + (nint)blockChannels * taps * Lanes) * sizeof(T));
            T* sums = upstream + upstreamLength, slab = sums + (nint)blockChannels * taps * Lanes;
            if (Partials > 1)
            {
                for (int partial = start; partial < end; partial++)
                {
                    int first = WorkerPool.Boundary(chunks, 1, partial, Partials), last = WorkerPool.Boundary(chunks, 1, partial + 1, Partials);
                    for (int channel = 0, count; channel < G.InChannels; channel += count)
                    {
                        count = Math.Min(blockChannels, G.GroupInChannels - channel % G.GroupInChannels);
                        Sum(channel, count, first, last, slab, upstream, Sums + (nint)partial * Size + (nint)channel * taps * Lanes);
                    }
                }
                return;
            }
            for (int channel = start, count; channel < end; channel += count)
            {
                // Equal blocks of what is left of the group.
                int left = Math.Min(end, (channel / G.GroupInChannels + 1) * G.GroupInChannels) - channel;
                count = SlabShape.Cut(left, blockChannels).Length;
                Sum(channel, count, 0, chunks, slab, upstream, sums);
                nint perOutput = (nint)G.GroupInChannels * taps;
                T* target = Dw + channel / G.GroupInChannels * G.GroupOutChannels * perOutput + channel % G.GroupInChannels * taps;
                Packing.Transpose(target, (int)perOutput, sums, count * taps, Lanes, G.GroupOutChannels);
            }
        }

        /// <summary>sums [channel, tap, Lanes] of a block of channels over some chunks.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Sum(int channel, int channels, int firstChunk, int lastChunk, T* slab, T* upstream, T* sums)
        {
            int group = channel / G.GroupInChannels;
            new Span<T>(sums, channels * G.KernelPlane * Lanes).Clear();
            for (int chunk = firstChunk; chunk < lastChunk; chunk++)
            {
                int row = chunk % rowBlocks * chunkRows, rows = Math.Min(chunkRows, G.Height.Output - row);
                int depth = chunk / rowBlocks % G.Depth.Output, image = chunk / rowBlocks / G.Depth.Output;
                FillSlab(slab, image, channel, channels, depth, row, rows);
                T* source = Dy + ((nint)image * G.OutChannels + group * G.GroupOutChannels) * G.OutputPlane + ((nint)depth * G.Height.Output + row) * G.Width.Output;
                for (int o = 0, width; o < Lanes; o += width)
                {
                    width = Math.Min(2 * L.Count, Lanes - o);
                    // dy [channel, position] → [position, two vectors of channels], zeros beyond the last channel.
                    int channelsHere = Math.Min(width, G.GroupOutChannels - o), positions = rows * G.Width.Output;
                    if (channelsHere < width) { new Span<T>(upstream, positions * width).Clear(); }
                    Packing.Transpose(upstream, width, source + (nint)o * G.OutputPlane, channelsHere, G.OutputPlane, positions);
                    Multiply(slab, upstream, sums + o, channels, width / L.Count, row, rows);
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void FillSlab(T* slab, int image, int channel, int channels, int depth, int row, int rows)
        {
            ConvAxis d = G.Depth, h = G.Height, w = G.Width;
            T* end = X + (nint)G.Batch * G.InChannels * G.InputPlane;
            T* source = X + ((nint)image * G.InChannels + channel) * G.InputPlane;
            int needed = (rows - 1) * h.Stride + (h.Kernel - 1) * h.Dilation + 1;
            for (int c = 0; c < channels; c++, source += G.InputPlane)
            {
                for (int k = 0; k < d.Kernel; k++, slab += (nint)slabRows * slabColumns)
                {
                    int at = depth * d.Stride + k * d.Dilation - d.Padding;
                    bool inside = (uint)at < (uint)d.Input;
                    PlaneCopy<T, V, L>.Fill(slab, slabColumns, needed, slabColumns, inside ? source + (nint)at * h.Input * w.Input : source,
                        inside ? h.Input : 0, w.Input, row * h.Stride - h.Padding, -w.Padding, false, end);
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Multiply(T* slab, T* upstream, T* sums, int channels, int vectors, int row, int rows)
        {
            ConvAxis h = G.Height, w = G.Width;
            nint plane = (nint)slabRows * slabColumns, channel = plane * G.Depth.Kernel, line = (nint)h.Stride * slabColumns;
            int taps = G.KernelPlane;
            // Tile rows are channels where there are several, otherwise the taps of a kernel row: both lie at equal distances.
            bool byChannel = channels >= Math.Min(w.Kernel, L.TileRows);
            int outer = byChannel ? 1 : channels, inner = byChannel ? w.Kernel : 1, count = byChannel ? channels : w.Kernel, tile;
            for (int i = 0; i < count; i += tile)
            {
                tile = PatchRows.Tile(count - i, L.TileRows);
                for (int k = 0; k < G.Depth.Kernel * h.Kernel; k++)
                {
                    // Rows above and below the input need not be multiplied.
                    int shift = k % h.Kernel * h.Dilation - h.Padding, first = 0, last = rows;
                    while (first < last && (row + first) * h.Stride + shift < 0) { first++; }
                    while (first < last && (row + last - 1) * h.Stride + shift >= h.Input) { last--; }
                    if (first == last) { continue; }
                    T* b = upstream + (nint)first * w.Output * vectors * L.Count;
                    for (int c = 0; c < outer; c++)
                    {
                        for (int t = 0; t < inner; t++)
                        {
                            int firstChannel = byChannel ? i : c, tap = byChannel ? t : i;
                            T* a = slab + firstChannel * channel + k / h.Kernel * plane + (nint)(k % h.Kernel) * h.Dilation * slabColumns + tap * w.Dilation + first * line;
                            T* to = sums + ((nint)firstChannel * taps + k * w.Kernel + tap) * Lanes;
                            WeightTiles<T, V, L>.Run(tile, vectors, last - first, w.Output, a, byChannel ? channel : w.Dilation, w.Stride, line, b,
                                to, byChannel ? (nint)taps * Lanes : Lanes);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Adds the partial sums in order and turns [group, channel, tap, output channel] into [output channel, channel, tap].</summary>
    private struct CombineBody : IRangeBody
    {
        internal ConvGeometry G;
        internal T* Sums, Dw;
        internal int Partials, Size, Lanes;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int perGroup = G.GroupInChannels * G.KernelPlane;
            for (int item = start; item < end; item++)
            {
                T* sum = Sums + (nint)item * Lanes;
                for (int lane = 0; lane < Lanes; lane += L.Count)
                {
                    V total = L.Load(sum + lane);
                    for (int p = 1; p < Partials; p++) { total = L.Add(total, L.Load(sum + (nint)p * Size + lane)); }
                    L.Store(total, sum + lane);
                }
                int group = item / perGroup;
                T* target = Dw + (nint)group * G.GroupOutChannels * perGroup + item % perGroup;
                for (int o = 0; o < G.GroupOutChannels; o++) { target[(nint)o * perGroup] = sum[o]; }
            }
        }
    }
}
