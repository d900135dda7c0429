using System.Numerics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Pooling over windows of [planes, H, W], planes shared out between threads.</summary>
internal static unsafe class Pooling
{
    /// <summary>The largest of each window and where it stands in its plane (the first of equals; NaN wins).</summary>
    internal static void Max<T>(T* x, T* y, int* winners, int planes, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        var body = new MaxBody<T> { X = x, Y = y, Winners = winners, Geometry = g };
        WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, g.H * g.W)), 1, ref body);
    }

    /// <summary>The mean of each window; outside the image counts as zero.</summary>
    internal static void Average<T>(T* x, T* y, int planes, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        var body = new AverageBody<T> { X = x, Y = y, Geometry = g };
        WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, g.H * g.W)), 1, ref body);
    }

    /// <summary>Spreads each gradient evenly over its window: the adjoint of <see cref="Average"/>.</summary>
    internal static void AverageBackward<T>(T* dy, T* dx, int planes, ConvGeometry g) where T : unmanaged, INumber<T>
    {
        var body = new SpreadBody<T> { Dy = dy, Dx = dx, Geometry = g };
        WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, g.H * g.W)), 1, ref body);
    }

    private struct MaxBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* X, Y;
        internal int* Winners;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int outH = g.OutH, outW = g.OutW;
            for (int plane = start; plane < end; plane++)
            {
                T* x = X + (nint)plane * g.H * g.W;
                nint at = (nint)plane * outH * outW;
                for (int oh = 0; oh < outH; oh++)
                {
                    for (int ow = 0; ow < outW; ow++, at++)
                    {
                        int best = -1;
                        for (int kh = 0; kh < g.KernelH; kh++)
                        {
                            int h = oh * g.StrideH - g.PadH + kh * g.DilationH;
                            if ((uint)h >= (uint)g.H) continue;
                            for (int kw = 0; kw < g.KernelW; kw++)
                            {
                                int w = ow * g.StrideW - g.PadW + kw * g.DilationW;
                                if ((uint)w >= (uint)g.W) continue;
                                int index = h * g.W + w;
                                if (best < 0 || x[index] > x[best] || (T.IsNaN(x[index]) && !T.IsNaN(x[best]))) best = index;
                            }
                        }
                        Y[at] = x[best];
                        Winners[at] = best;
                    }
                }
            }
        }
    }

    private struct AverageBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* X, Y;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int outH = g.OutH, outW = g.OutW;
            T share = T.One / T.CreateTruncating(g.KernelH * g.KernelW);
            for (int plane = start; plane < end; plane++)
            {
                T* x = X + (nint)plane * g.H * g.W, y = Y + (nint)plane * outH * outW;
                for (int oh = 0; oh < outH; oh++)
                {
                    for (int ow = 0; ow < outW; ow++)
                    {
                        T sum = T.Zero;
                        for (int kh = 0; kh < g.KernelH; kh++)
                        {
                            int h = oh * g.StrideH - g.PadH + kh;
                            if ((uint)h >= (uint)g.H) continue;
                            int from = ow * g.StrideW - g.PadW;
                            for (int w = Math.Max(0, from); w < Math.Min(g.W, from + g.KernelW); w++) sum += x[h * g.W + w];
                        }
                        *y++ = sum * share;
                    }
                }
            }
        }
    }

    private struct SpreadBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* Dy, Dx;
        internal ConvGeometry Geometry;

        public readonly void Invoke(int start, int end)
        {
            var g = Geometry;
            int outH = g.OutH, outW = g.OutW;
            T share = T.One / T.CreateTruncating(g.KernelH * g.KernelW);
            for (int plane = start; plane < end; plane++)
            {
                T* dy = Dy + (nint)plane * outH * outW, dx = Dx + (nint)plane * g.H * g.W;
                new Span<T>(dx, g.H * g.W).Clear();
                for (int oh = 0; oh < outH; oh++)
                {
                    for (int ow = 0; ow < outW; ow++)
                    {
                        T gradient = *dy++ * share;
                        for (int kh = 0; kh < g.KernelH; kh++)
                        {
                            int h = oh * g.StrideH - g.PadH + kh;
                            if ((uint)h >= (uint)g.H) continue;
                            int from = ow * g.StrideW - g.PadW;
                            for (int w = Math.Max(0, from); w < Math.Min(g.W, from + g.KernelW); w++) dx[h * g.W + w] += gradient;
                        }
                    }
                }
            }
        }
    }
}
