using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Filters to factors u [36, strip of rows, channel, row of the strip], the order in which the products read them, and the gradient of such factors back
/// to filters. A strip is two vectors wide; rows beyond the last are zero.
/// </summary>
internal static unsafe class WinogradFilter<V, L>
    where V : struct
    where L : ILanes<float, V>
{
    internal const int Taps = 9;

    internal static int Strip => 2 * L.Count;

    internal static int Strips(int rows) => (rows + Strip - 1) / Strip;

    /// <summary>Where the taps of row r and channel c lie: at w + r * rowStep + c * channelStep, in reverse order if the filter is turned.</summary>
    internal struct Body : IRangeBody
    {
        internal WinogradShape Shape;
        internal float* W, U;
        internal nint RowStep, ChannelStep;
        internal bool Turned;

        internal void Run() => WorkerPool.For(Strips(Shape.Rows) * Shape.Layers, Math.Max(1, 8192 / (Taps * Strip)), ref this);

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            float* taps = stackalloc float[Taps * L.Count];
            int* places = stackalloc int[Taps];
            int layers = Shape.Layers;
            nint plane = (nint)Strips(Shape.Rows) * layers * Strip;
            for (int item = start; item < end; item++)
            {
                int layer = item % layers, row = item / layers * Strip;
                WinogradFilter<V, L>.Places(in Shape, Shape.Part(layer), Turned, places);
                for (int half = 0; half < Strip; half += L.Count)
                {
                    Gather(row + half, Shape.Channel(layer), places, taps);
                    Transform(taps, U + (nint)item * Strip + half, plane);
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Gather(int row, int channel, int* places, float* taps)
        {
            int count = Math.Min(L.Count, Shape.Rows - row);
            if (count < L.Count || !Shape.IsPlain) new Span<float>(taps, Taps * L.Count).Clear();
            float* from = W + row * RowStep + channel * ChannelStep;
            for (int tap = 0; tap < Taps; tap++)
            {
                if (places[tap] < 0) continue;
                float* at = from + places[tap];
                for (int i = 0; i < count; i++) taps[tap * L.Count + i] = at[i * RowStep];
            }
        }
    }

    /// <summary>For each of the 3 x 3 taps of a part its place in a filter channel, or -1 where the kernel has none.</summary>
    internal static void Places(in WinogradShape shape, int part, bool turned, int* places)
    {
        WinogradAxis down = shape.Down, across = shape.Across;
        int firstRow = down.Offset(part / across.Layers), firstColumn = across.Offset(part % across.Layers);
        for (int tap = 0; tap < Taps; tap++)
        {
            int row = firstRow + tap / WinogradAxis.Taps * down.Stride, column = firstColumn + tap % WinogradAxis.Taps * across.Stride;
            int place = row < down.Kernel && column < across.Kernel ? row * across.Kernel + column : -1;
            places[tap] = turned && place >= 0 ? shape.KernelPlane - 1 - place : place;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void Transform(float* taps, float* u, nint plane)
    {
        Down(taps, out V a0, out V b0, out V c0, out V d0, out V e0, out V f0);
        Down(taps + L.Count, out V a1, out V b1, out V c1, out V d1, out V e1, out V f1);
        Down(taps + 2 * L.Count, out V a2, out V b2, out V c2, out V d2, out V e2, out V f2);
        Across(a0, a1, a2, u, plane);
        Across(b0, b1, b2, u + 6 * plane, plane);
        Across(c0, c1, c2, u + 12 * plane, plane);
        Across(d0, d1, d2, u + 18 * plane, plane);
        Across(e0, e1, e2, u + 24 * plane, plane);
        Across(f0, f1, f2, u + 30 * plane, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Down(float* taps, out V u0, out V u1, out V u2, out V u3, out V u4, out V u5) =>
        WinogradTransform<V, L>.Filter(L.Load(taps), L.Load(taps + 3 * L.Count), L.Load(taps + 6 * L.Count), out u0, out u1, out u2, out u3, out u4, out u5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(V g0, V g1, V g2, float* u, nint plane)
    {
        WinogradTransform<V, L>.Filter(g0, g1, g2, out V u0, out V u1, out V u2, out V u3, out V u4, out V u5);
        L.Store(u0, u);
        L.Store(u1, u + plane);
        L.Store(u2, u + 2 * plane);
        L.Store(u3, u + 3 * plane);
        L.Store(u4, u + 4 * plane);
        L.Store(u5, u + 5 * plane);
    }

    /// <summary>The gradient of a vector of rows for one channel: u is one vector of each factor, taps [9, lane].</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Adjoint(float* u, nint plane, float* taps)
    {
        for (int column = 0; column < 6; column++)
        {
            float* at = u + column * plane;
            WinogradTransform<V, L>.FilterAdjoint(L.Load(at), L.Load(at + 6 * plane), L.Load(at + 12 * plane), L.Load(at + 18 * plane), L.Load(at + 24 * plane), L.Load(at + 30 * plane),
                out V g0, out V g1, out V g2);
            // The first three rows of the factors have been read and hold the sums over rows now.
            L.Store(g0, at);
            L.Store(g1, at + 6 * plane);
            L.Store(g2, at + 12 * plane);
        }
        for (int row = 0; row < 3; row++)
        {
            float* at = u + 6 * row * plane;
            WinogradTransform<V, L>.FilterAdjoint(L.Load(at), L.Load(at + plane), L.Load(at + 2 * plane), L.Load(at + 3 * plane), L.Load(at + 4 * plane), L.Load(at + 5 * plane),
                out V g0, out V g1, out V g2);
            L.Store(g0, taps + 3 * row * L.Count);
            L.Store(g1, taps + (3 * row + 1) * L.Count);
            L.Store(g2, taps + (3 * row + 2) * L.Count);
        }
    }
}
