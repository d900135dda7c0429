using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>The sum of each window of each plane over the product of its axes' divisors, and the adjoint, which spreads values over their windows.</summary>
internal static unsafe class AveragePooling
{
    internal static void Run<T>(ReadOnlySpan<T> source, Span<T> target, PoolWindows height, PoolWindows width, bool backward)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int planes = (backward ? source : target).Length / (height.Output * width.Output);
        fixed (T* from = source, to = target)
        {
            var body = new Body<T> { Inputs = backward ? to : from, Outputs = backward ? from : to, H = height, W = width, Backward = backward };
            WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, height.Input * width.Input)), ref body);
        }
    }

    struct Body<T> : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal T* Inputs, Outputs;
        internal PoolWindows H, W;
        internal bool Backward;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            T[] sums = new T[W.Input];
            T[] scales = Array.ConvertAll(W.Divisor, static divisor => T.CreateTruncating(divisor));
            int inputs = H.Input * W.Input;
            fixed (T* row = sums, divisor = scales)
            {
                for (int plane = start; plane < end; plane++)
                {
                    T* x = Inputs + (nint)plane * inputs, y = Outputs + (nint)plane * H.Output * W.Output;
                    if (Backward) { new Span<T>(x, inputs).Clear(); }
                    for (int oh = 0; oh < H.Output; oh++, y += W.Output)
                    {
                        T scale = T.CreateTruncating(H.Divisor[oh]);
                        if (Backward) { Spread(x, y, oh, scale, row, divisor); }
                        else { Average(x, y, oh, scale, row, divisor); }
                    }
                }
            }
        }

        /// <summary>Adds the window's rows, then the columns of each window.</summary>
        [MethodImpl(Kernel.Loop)]
        readonly void Average(T* x, T* y, int oh, T scale, T* row, T* divisor)
        {
            int columns = W.Input;
            if (H.Count[oh] == 0) { new Span<T>(row, columns).Clear(); }
            for (int k = 0; k < H.Count[oh]; k++)
            {
                T* from = x + (nint)(H.Start[oh] + k * H.Step) * columns;
                if (k == 0) { new Span<T>(from, columns).CopyTo(new Span<T>(row, columns)); }
                else { Add(row, from, columns); }
            }
            for (int ow = 0; ow < W.Output; ow++)
            {
                T sum = T.Zero;
                T* from = row + W.Start[ow];
                for (int k = 0; k < W.Count[ow]; k++) { sum += from[k * W.Step]; }
                y[ow] = sum / (scale * divisor[ow]);
            }
        }

        [MethodImpl(Kernel.Loop)]
        readonly void Spread(T* x, T* y, int oh, T scale, T* row, T* divisor)
        {
            int columns = W.Input;
            new Span<T>(row, columns).Clear();
            for (int ow = 0; ow < W.Output; ow++)
            {
                T share = y[ow] / (scale * divisor[ow]);
                T* to = row + W.Start[ow];
                for (int k = 0; k < W.Count[ow]; k++) { to[k * W.Step] += share; }
            }
            for (int k = 0; k < H.Count[oh]; k++) { Add(x + (nint)(H.Start[oh] + k * H.Step) * columns, row, columns); }
        }

        [MethodImpl(Kernel.Loop)]
        static void Add(T* to, T* from, int count)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) { (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i); }
            for (; i < count; i++) { to[i] += from[i]; }
        }
    }
}
