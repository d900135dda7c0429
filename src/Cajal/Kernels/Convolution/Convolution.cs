using System.Numerics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The three products of a convolution, each as patches times filters, image by image, so the unfolded matrix stays in cache. Images are shared
/// out between threads; sums over images run in an order that does not depend on how.
/// </summary>
internal static unsafe class Convolution
{
    /// <summary>Partial sums of the filter gradient: fixed, so that its bits do not depend on the number of threads.</summary>
    private const int Partials = 8;

    /// <summary>y = x * w: x [N, C, H, W], w [O, C/groups, KH, KW] → y [N, O, OH, OW]; bias [O] or null.</summary>
    internal static void Forward<T>(T* x, T* w, T* bias, T* y, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        var body = new ForwardBody<T> { X = x, W = w, Bias = bias, Y = y, Geometry = g };
        WorkerPool.For(g.N, 1, 1, ref body);
    }

    /// <summary>dx from dy and w.</summary>
    internal static void BackwardInput<T>(T* dy, T* w, T* dx, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        var body = new InputBody<T> { Dy = dy, W = w, Dx = dx, Geometry = g };
        WorkerPool.For(g.N, 1, 1, ref body);
    }

    /// <summary>dw from x and dy.</summary>
    internal static void BackwardWeight<T>(T* x, T* dy, T* dw, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        int size = g.O * g.Patch, parts = Math.Min(Partials, g.N);
        var partials = new T[parts * size];
        fixed (T* p = partials)
        {
            var body = new WeightBody<T> { X = x, Dy = dy, Partials = p, Parts = parts, Geometry = g };
            WorkerPool.For(parts, 1, 1, ref body);
            var sum = new Span<T>(dw, size);
            sum.Clear();
            for (int part = 0; part < parts; part++) System.Numerics.Tensors.TensorPrimitives.Add(sum, new ReadOnlySpan<T>(p + (nint)part * size, size), sum);
        }
    }

    private struct ForwardBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* X, W, Bias, Y;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int plane = g.OutPlane, patch = g.Patch;
            using var scratch = new Scratch<T>(g.IsPointwise ? 0 : patch * plane);
            for (int n = start; n < end; n++)
            {
                for (int group = 0; group < g.Groups; group++)
                {
                    T* image = X + ((nint)n * g.C + group * g.GroupChannels) * g.H * g.W;
                    T* columns = image;
                    if (!g.IsPointwise) Unfolding.Unfold(image, columns = scratch.Pointer, g);
                    T* filters = W + (nint)group * g.GroupFilters * patch, y = Y + ((nint)n * g.O + group * g.GroupFilters) * plane;
                    if (Bias != null)
                    {
                        for (int o = 0; o < g.GroupFilters; o++) new Span<T>(y + (nint)o * plane, plane).Fill(Bias[group * g.GroupFilters + o]);
                    }
                    Gemm.Multiply(g.GroupFilters, plane, patch, filters, patch, 1, columns, plane, 1, y, plane, accumulate: Bias != null);
                }
            }
        }
    }

    private struct InputBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* Dy, W, Dx;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int plane = g.OutPlane, patch = g.Patch;
            using var scratch = new Scratch<T>(g.IsPointwise ? 0 : patch * plane);
            for (int n = start; n < end; n++)
            {
                for (int group = 0; group < g.Groups; group++)
                {
                    T* image = Dx + ((nint)n * g.C + group * g.GroupChannels) * g.H * g.W;
                    T* filters = W + (nint)group * g.GroupFilters * patch, dy = Dy + ((nint)n * g.O + group * g.GroupFilters) * plane;
                    T* columns = g.IsPointwise ? image : scratch.Pointer;
                    Gemm.Multiply(patch, plane, g.GroupFilters, filters, 1, patch, dy, plane, 1, columns, plane, accumulate: false);
                    if (g.IsPointwise) continue;
                    new Span<T>(image, g.GroupChannels * g.H * g.W).Clear();
                    Unfolding.Fold(columns, image, g);
                }
            }
        }
    }

    private struct WeightBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* X, Dy, Partials;
        internal int Parts;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int plane = g.OutPlane, patch = g.Patch;
            using var scratch = new Scratch<T>(g.IsPointwise ? 0 : patch * plane);
            for (int part = start; part < end; part++)
            {
                T* sum = Partials + (nint)part * g.O * patch;
                int last = (int)((long)g.N * (part + 1) / Parts);
                for (int n = (int)((long)g.N * part / Parts); n < last; n++)
                {
                    for (int group = 0; group < g.Groups; group++)
                    {
                        T* image = X + ((nint)n * g.C + group * g.GroupChannels) * g.H * g.W;
                        T* columns = image;
                        if (!g.IsPointwise) Unfolding.Unfold(image, columns = scratch.Pointer, g);
                        T* dy = Dy + ((nint)n * g.O + group * g.GroupFilters) * plane;
                        Gemm.Multiply(g.GroupFilters, patch, plane, dy, plane, 1, columns, 1, plane, sum + (nint)group * g.GroupFilters * patch, patch, accumulate: true);
                    }
                }
            }
        }
    }
}
