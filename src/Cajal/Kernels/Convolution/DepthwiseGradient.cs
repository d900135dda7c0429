using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>The weight gradient where each channel has one filter: one dot product of an output plane with the input under each tap.</summary>
/// <remarks>A channel is summed by one thread, image by image, so no bit depends on their number.</remarks>
internal static unsafe class DepthwiseGradient<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(ConvGeometry geometry, T* x, T* dy, T* dw)
    {
        var body = new Body
        {
            G = geometry, X = x, Dy = dy, Dw = dw,
            D = TapAxis.Forward(geometry.Depth), H = TapAxis.Forward(geometry.Height), W = TapAxis.Forward(geometry.Width),
        };
        long work = (long)geometry.Batch * geometry.OutputPlane * geometry.KernelPlane;
        WorkerPool.For(geometry.OutChannels, (int)Math.Max(1, 32768 / Math.Max(1, work)), ref body);
    }

    struct Body : IRangeBody
    {
        internal ConvGeometry G;
        internal TapAxis D, H, W;
        internal T* X, Dy, Dw;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            // The whole channel plane, split by remainder of the stride as for the convolution; rows of dy padded to whole vectors.
            int lanes = Vector<T>.Count, columns = W.Grid + W.Reach, rows = H.Grid + H.Reach, plane = rows * columns;
            int vectors = (W.Grid + lanes - 1) / lanes, padded = vectors * lanes, taps = G.KernelPlane;
            nint slabLength = (nint)D.Phases * H.Phases * W.Phases * (D.Grid + D.Reach) * plane + PlaneCopy<T, V, L>.Slack + lanes;
            T* slab = (T*)Scratch.Take((slabLength + (nint)D.Grid * H.Grid * padded + taps + lanes) * sizeof(T));
            T* upstream = slab + slabLength, sums = upstream + (nint)D.Grid * H.Grid * padded;
            var last = Mask(W.Grid - (padded - lanes));
            for (int channel = start; channel < end; channel++)
            {
                new Span<T>(sums, taps).Clear();
                for (int image = 0; image < G.Batch; image++)
                {
                    nint at = (nint)image * G.InChannels + channel;
                    FillSlab(slab, X + at * G.InputPlane, rows, columns);
                    T* dy = Dy + at * G.OutputPlane;
                    for (int r = 0; r < D.Grid * H.Grid; r++)
                    {
                        new Span<T>(dy + (nint)r * W.Grid, W.Grid).CopyTo(new Span<T>(upstream + (nint)r * padded, W.Grid));
                        new Span<T>(upstream + (nint)r * padded + W.Grid, padded - W.Grid).Clear();
                    }
                    for (int tap = 0; tap < taps; tap++) { Dot(slab, upstream, tap, rows, columns, vectors, last, sums); }
                }
                new Span<T>(sums, taps).CopyTo(new Span<T>(Dw + (nint)channel * taps, taps));
            }
        }

        [MethodImpl(Kernel.Loop)]
        readonly void FillSlab(T* slab, T* source, int rows, int columns)
        {
            T* end = X + (nint)G.Batch * G.InChannels * G.InputPlane;
            foreach (int shiftD in D.PhaseShift)
            {
                foreach (int shiftH in H.PhaseShift)
                {
                    foreach (int shiftW in W.PhaseShift)
                    {
                        for (int q = 0; q < D.Grid + D.Reach; q++, slab += (nint)rows * columns)
                        {
                            int at = q * D.Step + D.First + shiftD;
                            bool inside = (uint)at < (uint)D.Source;
                            PlaneCopy<T, V, L>.Fill(slab, rows, columns, inside ? source + (nint)at * H.Source * W.Source : source,
                                inside ? H.Source : 0, W.Source, H.First + shiftH, H.Step, W.First + shiftW, W.Step, end);
                        }
                    }
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        readonly void Dot(T* slab, T* upstream, int tap, int rows, int columns, int vectors, Vector<T> last, T* sums)
        {
            int w = tap % W.Taps, h = tap / W.Taps % H.Taps, d = tap / W.Taps / H.Taps, lanes = Vector<T>.Count;
            nint plane = (nint)rows * columns;
            T* at = slab + (((D.Phase[d] * H.Phases + H.Phase[h]) * W.Phases + W.Phase[w]) * (D.Grid + D.Reach) + D.Index[d]) * plane
                + H.Index[h] * columns + W.Index[w];
            Vector<T> a = Vector<T>.Zero, b = a, c = a;
            for (int depth = 0; depth < D.Grid; depth++)
            {
                for (int r = 0; r < H.Grid; r++, upstream += vectors * lanes)
                {
                    T* x = at + depth * plane + (nint)r * columns;
                    int v = 0;
                    for (; v < vectors - 2; v += 2)
                    {
                        a = Simd.MultiplyAdd(Vector.Load(x + v * lanes), Vector.Load(upstream + v * lanes), a);
                        b = Simd.MultiplyAdd(Vector.Load(x + (v + 1) * lanes), Vector.Load(upstream + (v + 1) * lanes), b);
                    }
                    if (v < vectors - 1)
                    {
                        a = Simd.MultiplyAdd(Vector.Load(x + v * lanes), Vector.Load(upstream + v * lanes), a);
                        v++;
                    }
                    // Beyond the row lies what belongs to others, perhaps NaN: it must not meet a product, not even with 0.
                    var tail = Vector.ConditionalSelect(last, Vector.Load(x + v * lanes), Vector<T>.Zero);
                    c = Simd.MultiplyAdd(tail, Vector.Load(upstream + v * lanes), c);
                }
            }
            sums[tap] = (new Vector<T>(sums[tap]) + new Vector<T>(Vector.Sum(a + b + c)))[0];
        }

        /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
        [MethodImpl(Kernel.Loop)]
        static Vector<T> Mask(int count)
        {
            byte* bytes = stackalloc byte[Vector<byte>.Count];
            for (int i = 0; i < Vector<byte>.Count; i++) { bytes[i] = (byte)(i < count * sizeof(T) ? 0xFF : 0); }
            return *(Vector<T>*)bytes;
        }
    }
}
