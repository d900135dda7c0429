using System.Buffers;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// dw[o, c, tap] = Σ over images and positions of x[c, position under tap] * dy[o, position]: sums over positions, with the output channels in the lanes.
/// </summary>
/// <remarks>
/// A chunk is a few output rows of one image: its x rows are padded into a slab, its dy turned so that channels are neighbours. Chunks are dealt to a fixed
/// number of partial sums, which are added in order, so no bit depends on the number of threads.
/// </remarks>
internal static unsafe class WeightGradient<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    const int ChunkBytes = 256 << 10, WantedParts = 16;

    // All partial sums together; a part below this many multiply-adds costs more to add up than it brings.
    const long PartialBytes = 8 << 20, SmallestPart = 1 << 18;

    internal static void Run(ConvGeometry geometry, T* x, T* dy, T* dw)
    {
        var body = new Body { G = geometry, X = x, Dy = dy };
        body.Prepare();
        long length = (long)body.Partials * body.Size;
        T[] partial = ArrayPool<T>.Shared.Rent(checked((int)length + L.Count));
        fixed (T* sums = partial)
        {
            body.Sums = sums;
            WorkerPool.For(body.Items, 1, ref body);
            var combine = new CombineBody { G = geometry, Sums = sums, Dw = dw, Partials = body.Partials, Size = body.Size, Lanes = body.Lanes };
            WorkerPool.For(geometry.Groups * geometry.GroupInChannels * geometry.KernelPlane, Math.Max(1, 16384 / body.Lanes), ref combine);
        }
        ArrayPool<T>.Shared.Return(partial);
    }

    struct Body : IRangeBody
    {
        internal ConvGeometry G;
        internal T* X, Dy, Sums;

        /// <summary>Output channels rounded up to whole vectors, and elements of one partial sum: [group, channel, tap, Lanes].</summary>
        internal int Lanes, Size, Partials, Items;
        int _chunkRows, _blocks, _chunks, _channelParts, _slabRows, _slabColumns;

        internal void Prepare()
        {
            ConvAxis h = G.Height, w = G.Width;
            Lanes = (G.GroupOutChannels + L.Count - 1) / L.Count * L.Count;
            Size = checked(G.Groups * G.GroupInChannels * G.KernelPlane * Lanes);
            _slabColumns = (w.Output - 1) * w.Stride + (w.Kernel - 1) * w.Dilation + 1;
            long perRow = (long)sizeof(T) * (G.GroupInChannels * G.Depth.Kernel * h.Stride * (long)_slabColumns + (long)Lanes * w.Output);
            int rows = (int)Math.Clamp(ChunkBytes / perRow, 1, h.Output);
            _blocks = (h.Output + rows - 1) / rows;
            _chunkRows = (h.Output + _blocks - 1) / _blocks;
            _blocks = (h.Output + _chunkRows - 1) / _chunkRows;
            _slabRows = (_chunkRows - 1) * h.Stride + (h.Kernel - 1) * h.Dilation + 1;
            _chunks = checked(G.Batch * G.Depth.Output * _blocks);
            long work = (long)G.Batch * G.OutputPlane * Size;
            long partials = Math.Min(Math.Min(WantedParts, PartialBytes / sizeof(T) / Size), Math.Min(_chunks, work / SmallestPart));
            Partials = (int)Math.Max(1, partials);
            int wanted = WantedParts / (Partials * G.Groups);
            _channelParts = Math.Clamp(wanted, 1, (G.GroupInChannels + L.TileRows - 1) / L.TileRows);
            Items = checked(Partials * G.Groups * _channelParts);
        }

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int channels = (G.GroupInChannels + _channelParts - 1) / _channelParts + L.TileRows;
            nint slabLength = (nint)channels * G.Depth.Kernel * _slabRows * _slabColumns + PlaneCopy<T, V, L>.Slack;
            T* slab = (T*)Scratch.Take((slabLength + (nint)_chunkRows * G.Width.Output * Lanes) * sizeof(T));
            for (int item = start; item < end; item++)
            {
                int part = item % _channelParts, group = item / _channelParts % G.Groups, partial = item / _channelParts / G.Groups;
                int first = WorkerPool.Boundary(G.GroupInChannels, L.TileRows, part, _channelParts);
                int last = WorkerPool.Boundary(G.GroupInChannels, L.TileRows, part + 1, _channelParts);
                if (first == last) { continue; }
                T* sums = Sums + (nint)partial * Size + ((nint)group * G.GroupInChannels + first) * G.KernelPlane * Lanes;
                new Span<T>(sums, (last - first) * G.KernelPlane * Lanes).Clear();
                int stop = WorkerPool.Boundary(_chunks, 1, partial + 1, Partials);
                for (int chunk = WorkerPool.Boundary(_chunks, 1, partial, Partials); chunk < stop; chunk++)
                {
                    int row = chunk % _blocks * _chunkRows, rows = Math.Min(_chunkRows, G.Height.Output - row);
                    int depth = chunk / _blocks % G.Depth.Output, image = chunk / _blocks / G.Depth.Output;
                    FillSlab(slab, image, group * G.GroupInChannels + first, last - first, depth, row, rows);
                    TurnUpstream(slab + slabLength, image, group, depth, row, rows);
                    Multiply(slab, slab + slabLength, sums, last - first, rows);
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        readonly void FillSlab(T* slab, int image, int channel, int channels, int depth, int row, int rows)
        {
            ConvAxis d = G.Depth, h = G.Height, w = G.Width;
            T* end = X + (nint)G.Batch * G.InChannels * G.InputPlane;
            T* source = X + ((nint)image * G.InChannels + channel) * G.InputPlane;
            int needed = (rows - 1) * h.Stride + (h.Kernel - 1) * h.Dilation + 1;
            for (int c = 0; c < channels; c++, source += G.InputPlane)
            {
                for (int k = 0; k < d.Kernel; k++, slab += (nint)_slabRows * _slabColumns)
                {
                    int at = depth * d.Stride + k * d.Dilation - d.Padding;
                    bool inside = (uint)at < (uint)d.Input;
                    PlaneCopy<T, V, L>.Fill(slab, _slabColumns, needed, _slabColumns, inside ? source + (nint)at * h.Input * w.Input : source,
                        inside ? h.Input : 0, w.Input, row * h.Stride - h.Padding, -w.Padding, false, end);
                }
            }
        }

        /// <summary>dy [channel, position] → strips [position, two vectors of channels], zeros beyond the last channel.</summary>
        [MethodImpl(Kernel.Loop)]
        readonly void TurnUpstream(T* target, int image, int group, int depth, int row, int rows)
        {
            int positions = rows * G.Width.Output, plane = G.OutputPlane;
            T* source = Dy + ((nint)image * G.OutChannels + group * G.GroupOutChannels) * plane + ((nint)depth * G.Height.Output + row) * G.Width.Output;
            for (int o = 0, width; o < Lanes; o += width)
            {
                width = Math.Min(2 * L.Count, Lanes - o);
                Packing.Pack(target + (nint)o * positions, width, source + (nint)o * plane, Math.Min(width, G.GroupOutChannels - o), plane, positions, 1);
            }
        }

        [MethodImpl(Kernel.Loop)]
        readonly void Multiply(T* slab, T* upstream, T* sums, int channels, int rows)
        {
            ConvAxis h = G.Height, w = G.Width;
            nint plane = (nint)_slabRows * _slabColumns, channel = plane * G.Depth.Kernel, line = (nint)h.Stride * _slabColumns;
            int positions = rows * w.Output, taps = G.KernelPlane;
            // Tile rows are channels where there are several, otherwise the taps of a kernel row: both lie at equal distances.
            bool byChannel = channels >= Math.Min(w.Kernel, L.TileRows);
            for (int o = 0, width; o < Lanes; o += width)
            {
                width = Math.Min(2 * L.Count, Lanes - o);
                T* b = upstream + (nint)o * positions;
                int outer = byChannel ? 1 : channels, inner = byChannel ? w.Kernel : 1, count = byChannel ? channels : w.Kernel, tile;
                for (int i = 0; i < count; i += tile)
                {
                    tile = PatchRows.Tile(count - i, L.TileRows);
                    for (int c = 0; c < outer; c++)
                    {
                        for (int k = 0; k < G.Depth.Kernel * h.Kernel; k++)
                        {
                            for (int t = 0; t < inner; t++)
                            {
                                int firstChannel = byChannel ? i : c, tap = byChannel ? t : i;
                                T* a = slab + firstChannel * channel + k / h.Kernel * plane + (nint)(k % h.Kernel) * h.Dilation * _slabColumns + tap * w.Dilation;
                                T* to = sums + ((nint)firstChannel * taps + k * w.Kernel + tap) * Lanes + o;
                                WeightTiles<T, V, L>.Run(tile, width / L.Count, rows, w.Output, a, byChannel ? channel : w.Dilation, w.Stride, line, b,
                                    to, byChannel ? (nint)taps * Lanes : Lanes);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Adds the partial sums in order and turns [group, channel, tap, output channel] into [output channel, channel, tap].</summary>
    struct CombineBody : IRangeBody
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
