using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Products m [36, tile, channel] of a vector of channels to the target's planes, with the bias, and the adjoint of that.</summary>
internal static unsafe class WinogradOutput<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    private const int Tile = WinogradShape.Tile, Reach = 6;

    /// <summary>Floats of working memory.</summary>
    internal static int StripLength => Tile * WinogradRun.Longest * Tile * L.Count;

    /// <param name="shape">The convolution.</param>
    /// <param name="m">Product f of tile t is the vector at m[f * plane + (t - first) * row].</param>
    /// <param name="row">Elements between two tiles.</param>
    /// <param name="plane">Elements between two products.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="end">The tile behind the last.</param>
    /// <param name="channel">The first channel of the vector.</param>
    /// <param name="bias">Of all channels, or null.</param>
    /// <param name="target">The target.</param>
    /// <param name="strip">Working memory.</param>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in WinogradShape shape, float* m, int row, nint plane, int first, int end, int channel, float* bias, float* target, float* strip)
    {
        int count = Math.Min(L.Count, shape.Rows - channel);
        float* added = stackalloc float[L.Count];
        for (int i = 0; i < L.Count; i++) added[i] = bias is null || i >= count ? 0 : bias[channel + i];
        for (int tile = first; tile < end;)
        {
            var run = WinogradRun.At(in shape, tile, end);
            int columns = run.Count * Tile;
            for (int i = 0; i < run.Count; i++) Results(m + (nint)(tile - first + i) * row, plane, L.Load(added), strip + i * Tile * L.Count, (nint)columns * L.Count);
            int top = run.Down * Tile, left = run.Across * Tile, wide = Math.Min(columns, shape.Across.Target - left);
            float* to = target + ((nint)run.Image * shape.Rows + channel) * shape.TargetPlane + (nint)top * shape.Across.Target + left;
            for (int r = 0; r < Math.Min(Tile, shape.Down.Target - top); r++)
            {
                Packing.Transpose(to + (nint)r * shape.Across.Target, shape.TargetPlane, strip + (nint)r * columns * L.Count, wide, L.Count, count);
            }
            tile += run.Count;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Results(float* m, nint plane, V bias, float* to, nint row)
    {
        Down(m, plane, out V a0, out V b0, out V c0, out V d0);
        Down(m + plane, plane, out V a1, out V b1, out V c1, out V d1);
        Down(m + 2 * plane, plane, out V a2, out V b2, out V c2, out V d2);
        Down(m + 3 * plane, plane, out V a3, out V b3, out V c3, out V d3);
        Down(m + 4 * plane, plane, out V a4, out V b4, out V c4, out V d4);
        Down(m + 5 * plane, plane, out V a5, out V b5, out V c5, out V d5);
        Across(a0, a1, a2, a3, a4, a5, bias, to);
        Across(b0, b1, b2, b3, b4, b5, bias, to + row);
        Across(c0, c1, c2, c3, c4, c5, bias, to + 2 * row);
        Across(d0, d1, d2, d3, d4, d5, bias, to + 3 * row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Down(float* m, nint plane, out V y0, out V y1, out V y2, out V y3)
    {
        nint row = Reach * plane;
        WinogradTransform<V, L>.Output(L.Load(m), L.Load(m + row), L.Load(m + 2 * row), L.Load(m + 3 * row), L.Load(m + 4 * row), L.Load(m + 5 * row), out y0, out y1, out y2, out y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(V m0, V m1, V m2, V m3, V m4, V m5, V bias, float* to)
    {
        WinogradTransform<V, L>.Output(m0, m1, m2, m3, m4, m5, out V y0, out V y1, out V y2, out V y3);
        L.Store(L.Add(y0, bias), to);
        L.Store(L.Add(y1, bias), to + L.Count);
        L.Store(L.Add(y2, bias), to + 2 * L.Count);
        L.Store(L.Add(y3, bias), to + 3 * L.Count);
    }

    /// <summary>The gradient of the target to that of the products, all channels: m [36, tile, channel] as for <see cref="WinogradInput{V, L}.Run"/>.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Adjoint(in WinogradShape shape, float* gradient, int first, int end, float* m, int channels, nint plane, float* strip)
    {
        for (int tile = first; tile < end;)
        {
            var run = WinogradRun.At(in shape, tile, end);
            float* image = gradient + (nint)run.Image * shape.Rows * shape.TargetPlane;
            for (int k = 0; k < shape.Rows; k += L.Count)
            {
                Fill(in shape, image + (nint)k * shape.TargetPlane, Math.Min(L.Count, shape.Rows - k), run, strip);
                for (int i = 0; i < run.Count; i++)
                {
                    Products(strip + i * Tile * L.Count, (nint)run.Count * Tile * L.Count, m + (nint)(tile - first + i) * channels + k, plane);
                }
            }
            tile += run.Count;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Fill(in WinogradShape shape, float* source, int count, WinogradRun run, float* strip)
    {
        int top = run.Down * Tile, left = run.Across * Tile, columns = run.Count * Tile, wide = Math.Min(columns, shape.Across.Target - left);
        if (count < L.Count) new Span<float>(strip, Tile * columns * L.Count).Clear();
        for (int r = 0; r < Tile; r++, strip += columns * L.Count)
        {
            int inside = top + r < shape.Down.Target ? wide : 0;
            Packing.Transpose(strip, L.Count, source + (nint)(top + r) * shape.Across.Target + left, count, shape.TargetPlane, inside);
            new Span<float>(strip + inside * L.Count, (columns - inside) * L.Count).Clear();
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Products(float* y, nint row, float* m, nint plane)
    {
        AdjointDown(y, row, out V a0, out V b0, out V c0, out V d0, out V e0, out V f0);
        AdjointDown(y + L.Count, row, out V a1, out V b1, out V c1, out V d1, out V e1, out V f1);
        AdjointDown(y + 2 * L.Count, row, out V a2, out V b2, out V c2, out V d2, out V e2, out V f2);
        AdjointDown(y + 3 * L.Count, row, out V a3, out V b3, out V c3, out V d3, out V e3, out V f3);
        AdjointAcross(a0, a1, a2, a3, m, plane);
        AdjointAcross(b0, b1, b2, b3, m + Reach * plane, plane);
        AdjointAcross(c0, c1, c2, c3, m + 2 * Reach * plane, plane);
        AdjointAcross(d0, d1, d2, d3, m + 3 * Reach * plane, plane);
        AdjointAcross(e0, e1, e2, e3, m + 4 * Reach * plane, plane);
        AdjointAcross(f0, f1, f2, f3, m + 5 * Reach * plane, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AdjointDown(float* y, nint row, out V m0, out V m1, out V m2, out V m3, out V m4, out V m5) =>
        WinogradTransform<V, L>.OutputAdjoint(L.Load(y), L.Load(y + row), L.Load(y + 2 * row), L.Load(y + 3 * row), out m0, out m1, out m2, out m3, out m4, out m5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AdjointAcross(V y0, V y1, V y2, V y3, float* m, nint plane)
    {
        WinogradTransform<V, L>.OutputAdjoint(y0, y1, y2, y3, out V m0, out V m1, out V m2, out V m3, out V m4, out V m5);
        L.Store(m0, m);
        L.Store(m1, m + plane);
        L.Store(m2, m + 2 * plane);
        L.Store(m3, m + 3 * plane);
        L.Store(m4, m + 4 * plane);
        L.Store(m5, m + 5 * plane);
    }
}
