using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The gradient of the filters: dw = Gᵀ [Σ over tiles of (Bᵀ x B) ⊙ (A dy Aᵀ)] G, the adjoint of Winograd's
/// form, so with the same quarter of the multiplications.
/// </summary>
/// <remarks>
/// Tiles are cut into parts by shape alone; each part sums in order, and the parts are added in order, so threads cannot change a bit. With T tiles, rounding is off
/// by at most (T + 35) u |G|ᵀ [Σ (|B|ᵀ |x| |B|) ⊙ (|A| |dy| |A|ᵀ)] |G|; see <see cref="WinogradTransform{V, L}"/>. A NaN or an infinity in x reaches all taps of
/// the layers that read it, one in dy those of its filter.
/// </remarks>
internal static unsafe class WinogradWeightGradient<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    // Tiles per block: the sums over channels are read and written once for so many. Both sides' factors stay in L2.
    private const int BlockBytes = 640 << 10;

    // Parts are what threads share; each has sums of its own.
    private const int WantedParts = 8, TilesPerPart = 256;

    internal static void Run(in WinogradShape shape, float* x, float* dy, float* dw)
    {
        int channels = Padded(shape.Layers), rows = Padded(shape.Rows), tiles = shape.Tiles;
        int perTile = WinogradShape.Factors * sizeof(float) * (channels + rows);
        int block = Math.Clamp(BlockBytes / perTile, 24, 128);
        int parts = Math.Clamp(tiles / TilesPerPart, 1, WantedParts), blocks = (tiles + block - 1) / block;
        parts = Math.Min(parts, blocks);
        nint size = (nint)WinogradShape.Factors * shape.Layers * rows;
        using var memory = new WorkingMemory<float>(size * parts);
        var body = new Body { Shape = shape, X = x, Dy = dy, Sums = memory.Start, Size = size, Block = block, Blocks = blocks, Parts = parts };
        WorkerPool.For(parts, 1, ref body);
        var combine = new CombineBody { Shape = shape, Sums = memory.Start, Size = size, Parts = parts, Dw = dw };
        WorkerPool.For(shape.Layers * (rows / L.Count), Math.Max(1, 16384 / (WinogradShape.Factors * parts * L.Count)), ref combine);
    }

    private static int Padded(int channels) => (channels + L.Count - 1) / L.Count * L.Count;

    private struct Body : IRangeBody
    {
        internal WinogradShape Shape;
        internal float* X, Dy, Sums;
        internal nint Size;
        internal int Block, Blocks, Parts;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int channels = Padded(Shape.Layers), rows = Padded(Shape.Rows);
            nint planeV = (nint)Block * channels + L.Count, planeM = (nint)Block * rows + L.Count;
            float* v = (float*)Scratch.Take((WinogradShape.Factors * (planeV + planeM) + WinogradInput<V, L>.StripLength) * sizeof(float));
            float* m = v + WinogradShape.Factors * planeV, work = m + WinogradShape.Factors * planeM;
            for (int part = start; part < end; part++)
            {
                int from = WorkerPool.Boundary(Blocks, 1, part, Parts), to = WorkerPool.Boundary(Blocks, 1, part + 1, Parts);
                for (int block = from; block < to; block++)
                {
                    int first = block * Block, last = Math.Min(first + Block, Shape.Tiles);
                    WinogradInput<V, L>.Run(in Shape, X, first, last, v, channels, planeV, work);
                    WinogradOutput<V, L>.Adjoint(in Shape, Dy, first, last, m, rows, planeM, work);
                    Multiply(v, channels, planeV, m, rows, planeM, last - first, Sums + part * Size, block > from);
                }
            }
        }

        /// <summary>sums [36, channel, row] += Σ over tiles of v [36, tile, channel] m [36, tile, row].</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Multiply(float* v, int channels, nint planeV, float* m, int rows, nint planeM, int tiles, float* sums, bool add)
        {
            for (int factor = 0; factor < WinogradShape.Factors; factor++, v += planeV, m += planeM, sums += (nint)Shape.Layers * rows)
            {
                for (int row = 0, width; row < rows; row += width)
                {
                    width = Math.Min(2 * L.Count, rows - row);
                    for (int c = 0, tile; c < Shape.Layers; c += tile)
                    {
                        tile = PatchRows.Tile(Shape.Layers - c, L.TileRows);
                        RegisterTiles<float, V, L>.Run(tile, width / L.Count, tiles, v + c, 1, channels, m + row, rows, sums + (nint)c * rows + row, rows, add);
                    }
                }
            }
        }
    }

    /// <summary>Adds the parts in order and brings a vector of rows for one channel back to taps.</summary>
    private struct CombineBody : IRangeBody
    {
        internal WinogradShape Shape;
        internal float* Sums, Dw;
        internal nint Size;
        internal int Parts;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int rows = Padded(Shape.Rows), perChannel = rows / L.Count;
            nint plane = (nint)Shape.Layers * rows;
            float* taps = stackalloc float[WinogradFilter<V, L>.Taps * L.Count];
            int* places = stackalloc int[WinogradFilter<V, L>.Taps];
            for (int item = start; item < end; item++)
            {
                int c = item / perChannel, row = item % perChannel * L.Count;
                float* at = Sums + (nint)c * rows + row;
                for (int factor = 0; factor < WinogradShape.Factors; factor++)
                {
                    float* sum = at + factor * plane;
                    V total = L.Load(sum);
                    for (int part = 1; part < Parts; part++) total = L.Add(total, L.Load(sum + part * Size));
                    L.Store(total, sum);
                }
                WinogradFilter<V, L>.Adjoint(at, plane, taps);
                WinogradFilter<V, L>.Places(in Shape, Shape.Part(c), false, places);
                for (int i = 0; i < Math.Min(L.Count, Shape.Rows - row); i++)
                {
                    float* to = Dw + ((nint)(row + i) * Shape.Channels + Shape.Channel(c)) * Shape.KernelPlane;
                    for (int tap = 0; tap < WinogradFilter<V, L>.Taps; tap++)
                    {
                        if (places[tap] >= 0) to[places[tap]] = taps[tap * L.Count + i];
                    }
                }
            }
        }
    }
}
