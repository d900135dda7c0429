using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>A convolution in layers of 3 x 3 taps, or its adjoint to the input, with a quarter of the multiplications (Winograd 1980; Lavin and Gray 2016).</summary>
/// <remarks>
/// A block of tiles at a time: input to factors, 36 products of matrices over channels, products to results. Blocks are a function of shapes and share no
/// result, so threads cannot change a bit; a tile's bits do not depend on its block either. A NaN or an infinity in the source makes NaN or infinity of what a
/// direct sum would, and may make NaN of all 4 x 4 results of each tile that reads it; other tiles are as they were.
/// </remarks>
internal static unsafe class WinogradConvolution<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    // Factors and products of a block together: half of a 1 MiB L2; the filters stream through the other half.
    private const int BlockBytes = 640 << 10;

    // A small batch is still cut into this many blocks.
    private const int WantedBlocks = 8;

    internal static void Run(in WinogradShape shape, float* source, float* w, nint rowStep, nint channelStep, bool turned, float* bias, float* target)
    {
        using var memory = new WorkingMemory<float>(shape.FilterLength);
        Filters(in shape, w, rowStep, channelStep, turned, memory.Start);
        Run(in shape, source, memory.Start, bias, target);
    }

    /// <summary>Filters to <paramref name="factors"/>, of which there are <see cref="WinogradShape.FilterLength"/>.</summary>
    internal static void Filters(in WinogradShape shape, float* w, nint rowStep, nint channelStep, bool turned, float* factors) =>
        new WinogradFilter<V, L>.Body { Shape = shape, W = w, U = factors, RowStep = rowStep, ChannelStep = channelStep, Turned = turned }.Run();

    /// <summary>The convolution with the factors of filters.</summary>
    internal static void Run(in WinogradShape shape, float* source, float* factors, float* bias, float* target)
    {
        var body = new Body { Shape = shape, Source = source, U = factors, Bias = bias, Target = target, Block = BlockLength(in shape) };
        WorkerPool.For((shape.Tiles + body.Block - 1) / body.Block, 1, ref body);
    }

    /// <summary>Tiles in a block: whole register tiles of rows.</summary>
    private static int BlockLength(in WinogradShape shape)
    {
        int perTile = WinogradShape.Factors * sizeof(float) * (shape.Layers + WinogradFilter<V, L>.Strip), rows = L.TileRows;
        int fits = Math.Clamp(BlockBytes / perTile / rows * rows, 2 * rows, 8 * rows);
        int wanted = (shape.Tiles + WantedBlocks - 1) / WantedBlocks;
        return Math.Min(fits, Math.Max(rows, (wanted + rows - 1) / rows * rows));
    }

    private struct Body : IRangeBody
    {
        internal WinogradShape Shape;
        internal float* Source, U, Bias, Target;
        internal int Block;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int channels = (Shape.Layers + L.Count - 1) / L.Count * L.Count, strip = WinogradFilter<V, L>.Strip;
            // A vector between two factors: a power of two would put all of a tile's into one set of the cache.
            nint planeV = (nint)Block * channels + L.Count, planeM = (nint)Block * strip + L.Count;
            int working = Math.Max(WinogradInput<V, L>.StripLength, WinogradOutput<V, L>.StripLength);
            float* v = (float*)Scratch.Take((WinogradShape.Factors * (planeV + planeM) + working) * sizeof(float));
            float* m = v + WinogradShape.Factors * planeV, work = m + WinogradShape.Factors * planeM;
            for (int block = start; block < end; block++)
            {
                int first = block * Block, last = Math.Min(first + Block, Shape.Tiles);
                WinogradInput<V, L>.Run(in Shape, Source, first, last, v, channels, planeV, work);
                for (int row = 0; row < Shape.Rows; row += strip)
                {
                    int vectors = Shape.Rows - row > L.Count ? 2 : 1;
                    Multiply(v, channels, planeV, row / strip, vectors, last - first, m, planeM);
                    for (int half = 0; half < vectors; half++)
                    {
                        WinogradOutput<V, L>.Run(in Shape, m + half * L.Count, strip, planeM, first, last, row + half * L.Count, Bias, Target, work);
                    }
                }
            }
        }

        /// <summary>m [36, tile, row of the strip] = v [36, tile, layer] u [36, layer, row of the strip].</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Multiply(float* v, int channels, nint planeV, int index, int vectors, int tiles, float* m, nint planeM)
        {
            int strip = WinogradFilter<V, L>.Strip;
            nint planeU = (nint)WinogradFilter<V, L>.Strips(Shape.Rows) * Shape.Layers * strip;
            float* u = U + (nint)index * Shape.Layers * strip;
            for (int factor = 0; factor < WinogradShape.Factors; factor++, v += planeV, u += planeU, m += planeM)
            {
                for (int i = 0, tile; i < tiles; i += tile)
                {
                    tile = PatchRows.Tile(tiles - i, L.TileRows);
                    RegisterTiles<float, V, L>.Run(tile, vectors, Shape.Layers, v + (nint)i * channels, channels, 1, u, strip, m + (nint)i * strip, strip, false);
                }
            }
        }
    }
}
