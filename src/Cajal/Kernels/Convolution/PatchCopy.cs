using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// x [N, C, input...] → patches [N, C, taps, positions]: what lies under each tap of a kernel at each of its positions; and the adjoint, which adds
/// patches back into x.
/// </summary>
internal static unsafe class PatchCopy
{
    internal static void Run<T>(ReadOnlySpan<T> source, Span<T> target, ConvGeometry geometry, bool fold)
        where T : unmanaged, INumberBase<T>
    {
        int perPlane = geometry.KernelPlane * geometry.OutputPlane;
        fixed (T* from = source, to = target)
        {
            var body = new Body<T> { G = geometry, X = fold ? to : from, Patches = fold ? from : to, Fold = fold };
            WorkerPool.For(geometry.Batch * geometry.InChannels, Math.Max(1, 16384 / Math.Max(1, perPlane)), ref body);
        }
    }

    private struct Body<T> : IRangeBody
        where T : unmanaged, INumberBase<T>
    {
        internal ConvGeometry G;
        internal T* X, Patches;
        internal bool Fold;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int plane = start; plane < end; plane++)
            {
                T* x = X + (nint)plane * G.InputPlane, patches = Patches + (nint)plane * G.KernelPlane * G.OutputPlane;
                if (Fold) { new Span<T>(x, G.InputPlane).Clear(); }
                for (int tap = 0; tap < G.KernelPlane; tap++) { Tap(x, patches + (nint)tap * G.OutputPlane, tap); }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Tap(T* x, T* patch, int tap)
        {
            ConvAxis d = G.Depth, h = G.Height, w = G.Width;
            int shiftD = tap / (h.Kernel * w.Kernel) * d.Dilation - d.Padding, shiftH = tap / w.Kernel % h.Kernel * h.Dilation - h.Padding;
            int shiftW = tap % w.Kernel * w.Dilation - w.Padding;
            for (int od = 0; od < d.Output; od++)
            {
                for (int oh = 0; oh < h.Output; oh++, patch += w.Output)
                {
                    int atD = od * d.Stride + shiftD, atH = oh * h.Stride + shiftH;
                    bool inside = (uint)atD < (uint)d.Input && (uint)atH < (uint)h.Input;
                    T* row = x + ((nint)atD * h.Input + atH) * w.Input;
                    for (int ow = 0; ow < w.Output; ow++)
                    {
                        int at = ow * w.Stride + shiftW;
                        bool read = inside && (uint)at < (uint)w.Input;
                        if (!Fold) { patch[ow] = read ? row[at] : T.Zero; }
                        else if (read) { row[at] += patch[ow]; }
                    }
                }
            }
        }
    }
}
