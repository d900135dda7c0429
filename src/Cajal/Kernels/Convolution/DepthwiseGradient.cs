using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>The weight gradient where each channel has one filter: a dot product of an output plane with the input under each tap.</summary>
/// <remarks>A channel is summed by one thread, image by image, so no bit depends on their number.</remarks>
internal static unsafe class DepthwiseGradient<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    internal static void Run(ConvGeometry geometry, T* x, T* dy, T* dw)
    {
        TapAxis d = TapAxis.Forward(geometry.Depth), h = TapAxis.Forward(geometry.Height), w = TapAxis.Forward(geometry.Width);
        long work = (long)geometry.Batch * geometry.OutputPlane * geometry.KernelPlane;
        int grain = (int)Math.Max(1, 32768 / Math.Max(1, work));
        if (DepthwiseDirect<T, V, L>.Fits(d, h, w))
        {
            var body = new DirectBody { G = geometry, Tiles = new(h, w, x, geometry.Batch * geometry.InChannels), Dy = dy, Dw = dw };
            WorkerPool.For(geometry.OutChannels, grain, ref body);
        }
        else
        {
            var body = new SlabBody { G = geometry, Slab = new([d], [h], [w]), X = x, Dy = dy, Dw = dw };
            (body.Slab.Rows, body.Slab.Columns) = (h.Grid + h.Reach, w.Grid + w.Reach);
            int[] offsets = new int[geometry.KernelPlane];
            body.Slab.Offsets(new(d, h, w, 1, 0, 0), 1, offsets);
            fixed (int* table = offsets)
            {
                body.Offsets = table;
                WorkerPool.For(geometry.OutChannels, grain, ref body);
            }
        }
    }

    private struct DirectBody : IRangeBody
    {
        internal ConvGeometry G;
        internal DepthwiseTiles<T, V, L> Tiles;
        internal T* Dy, Dw;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            var tiles = Tiles;
            int taps = G.KernelPlane;
            T* sums = tiles.Take((taps + 2) * L.Count), fresh = sums + taps * L.Count;
            new Span<T>(fresh, L.Count).Clear();
            new Span<byte>(fresh + L.Count, L.Count * sizeof(T)).Fill(0xFF);
            for (int channel = start; channel < end; channel++)
            {
                new Span<T>(sums, taps * L.Count).Clear();
                for (int image = 0; image < G.Batch; image++)
                {
                    int plane = image * G.InChannels + channel;
                    T* dy = Dy + (nint)plane * G.OutputPlane;
                    for (int r = 0; r < tiles.Grid; r += tiles.Rows)
                    {
                        T* source = tiles.Source(plane, r, out int rows, out int from, out int to);
                        DepthwiseStrips<T, V, L>.RunGradient(rows, tiles.Taps, tiles.Step, in tiles.Row, source, from, to, dy + (nint)r * tiles.Row.Columns, fresh, sums);
                    }
                }
                for (int tap = 0; tap < taps; tap++) { Dw[(nint)channel * taps + tap] = L.Sum(L.Load(sums + tap * L.Count)); }
            }
        }
    }

    /// <summary>Any shape: the planes split by remainder of the stride as for the convolution, rows of dy padded to whole vectors.</summary>
    private struct SlabBody : IRangeBody
    {
        internal ConvGeometry G;
        internal SlabShape Slab;
        internal int* Offsets;
        internal T* X, Dy, Dw;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int rows = G.Height.Output, columns = G.Width.Output, padded = (columns + L.Count - 1) / L.Count * L.Count, taps = G.KernelPlane;
            nint slabLength = (nint)Slab.Planes * Slab.Plane + 2 * L.Count;
            T* slab = (T*)Scratch.Take((slabLength + (nint)rows * padded + (taps + 1) * L.Count) * sizeof(T));
            T* upstream = slab + slabLength, sums = upstream + (nint)rows * padded, last = sums + taps * L.Count, stop = X + (nint)G.Batch * G.InChannels * G.InputPlane;
            new Span<byte>(last, L.Count * sizeof(T)).Clear();
            new Span<byte>(last, (columns - padded + L.Count) * sizeof(T)).Fill(0xFF);
            for (int channel = start; channel < end; channel++)
            {
                new Span<T>(sums, taps * L.Count).Clear();
                for (int item = 0; item < G.Batch * G.Depth.Output; item++)
                {
                    int depth = item % G.Depth.Output, plane = item / G.Depth.Output * G.InChannels + channel;
                    PlaneCopy<T, V, L>.Fill(slab, Slab, X + (nint)plane * G.InputPlane, depth, 0, rows, 0, false, stop);
                    T* dy = Dy + (nint)plane * G.OutputPlane + (nint)depth * rows * columns;
                    for (int r = 0; r < rows; r++)
                    {
                        new Span<T>(dy + (nint)r * columns, columns).CopyTo(new Span<T>(upstream + (nint)r * padded, columns));
                        new Span<T>(upstream + (nint)r * padded + columns, padded - columns).Clear();
                    }
                    for (int tap = 0; tap < taps; tap++) { Dot(rows, padded, slab + Offsets[tap], Slab.Columns, upstream, last, sums + tap * L.Count); }
                }
                for (int tap = 0; tap < taps; tap++) { Dw[(nint)channel * taps + tap] = L.Sum(L.Load(sums + tap * L.Count)); }
            }
        }

        /// <summary>sum += Σ over rows and columns of x times upstream, lane by lane.</summary>
        [MethodImpl(Kernel.Loop)]
        private static void Dot(int rows, int columns, T* x, nint pitch, T* upstream, T* last, T* sum)
        {
            V a = default, b = default, mask = L.Load(last);
            for (int r = 0; r < rows; r++, x += pitch, upstream += columns)
            {
                int c = 0;
                for (; c < columns - 2 * L.Count; c += 2 * L.Count)
                {
                    a = L.MultiplyAdd(L.Load(x + c), L.Load(upstream + c), a);
                    b = L.MultiplyAdd(L.Load(x + c + L.Count), L.Load(upstream + c + L.Count), b);
                }
                if (c < columns - L.Count)
                {
                    a = L.MultiplyAdd(L.Load(x + c), L.Load(upstream + c), a);
                    c += L.Count;
                }
                // Beyond the row lies what belongs to others, perhaps NaN: it must not meet a product, not even with 0.
                b = L.MultiplyAdd(Bits.And(L.Load(x + c), mask), L.Load(upstream + c), b);
            }
            L.Store(L.Add(L.Load(sum), L.Add(a, b)), sum);
        }
    }
}
