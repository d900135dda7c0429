using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// Tiles of the input to factors, v [36, tile, channel]: a strip of six rows is turned so that a vector holds one pixel of neighbouring channels, then each
/// pixel of the transform is one instruction for all of them.
/// </summary>
internal static unsafe class WinogradInput<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    private const int Reach = WinogradStrip<V, L>.Rows;

    /// <summary>Floats of working memory.</summary>
    internal static int StripLength => Reach * (WinogradRun.Longest * WinogradShape.Tile + 2) * L.Count;

    /// <param name="shape">The convolution.</param>
    /// <param name="source">Its source.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="end">The tile behind the last.</param>
    /// <param name="v">Factor f of tile t and layer c goes to v[f * plane + (t - first) * channels + c].</param>
    /// <param name="channels">Layers, padded to whole vectors; those beyond the last hold zeros.</param>
    /// <param name="plane">Elements between two factors.</param>
    /// <param name="strip">Working memory.</param>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in WinogradShape shape, float* source, int first, int end, float* v, int channels, nint plane, float* strip)
    {
        for (int tile = first; tile < end;)
        {
            var run = WinogradRun.At(in shape, tile, end);
            float* image = source + (nint)run.Image * shape.Channels * shape.SourcePlane;
            for (int c = 0; c < shape.Layers; c += L.Count)
            {
                int columns = run.Count * WinogradShape.Tile + 2;
                WinogradStrip<V, L>.Fill(in shape, image, c, run, columns, strip);
                Down(strip, columns);
                Across(strip, columns, run.Count, v + (nint)(tile - first) * channels + c, channels, plane);
            }
            tile += run.Count;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Down(float* strip, int columns)
    {
        nint row = (nint)columns * L.Count;
        for (int column = 0; column < columns; column++, strip += L.Count)
        {
            V d0 = L.Load(strip), d1 = L.Load(strip + row), d2 = L.Load(strip + 2 * row), d3 = L.Load(strip + 3 * row), d4 = L.Load(strip + 4 * row), d5 = L.Load(strip + 5 * row);
            WinogradTransform<V, L>.Input(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
            L.Store(d0, strip);
            L.Store(d1, strip + row);
            L.Store(d2, strip + 2 * row);
            L.Store(d3, strip + 3 * row);
            L.Store(d4, strip + 4 * row);
            L.Store(d5, strip + 5 * row);
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Across(float* strip, int columns, int tiles, float* v, int channels, nint plane)
    {
        for (int r = 0; r < Reach; r++, v += Reach * plane)
        {
            float* from = strip + (nint)r * columns * L.Count, to = v;
            V d4 = L.Load(from), d5 = L.Load(from + L.Count);
            for (int tile = 0; tile < tiles; tile++, from += WinogradShape.Tile * L.Count, to += channels)
            {
                // The last two columns of a tile are the first two of the next.
                V d0 = d4, d1 = d5, d2 = L.Load(from + 2 * L.Count), d3 = L.Load(from + 3 * L.Count), next0 = L.Load(from + 4 * L.Count), next1 = L.Load(from + 5 * L.Count);
                (d4, d5) = (next0, next1);
                WinogradTransform<V, L>.Input(ref d0, ref d1, ref d2, ref d3, ref next0, ref next1);
                L.Store(d0, to);
                L.Store(d1, to + plane);
                L.Store(d2, to + 2 * plane);
                L.Store(d3, to + 3 * plane);
                L.Store(next0, to + 4 * plane);
                L.Store(next1, to + 5 * plane);
            }
        }
    }
}
