using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>The sum of each window of each plane over the product of its axes' divisors, and the adjoint, which spreads values over their windows.</summary>
/// <remarks>Rows are added first, whole rows at a time; then the columns of each window, many windows at a time where they lie regularly.</remarks>
internal static unsafe class AveragePooling
{
    internal static void Run<T>(ReadOnlySpan<T> source, Span<T> target, PoolWindows height, PoolWindows width, bool backward)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int planes = (backward ? source : target).Length / (height.Output * width.Output);
        fixed (T* from = source, to = target)
        {
            var body = new Body<T> { Inputs = backward ? to : from, Outputs = backward ? from : to, H = height, W = width, Regular = RegularWindows.Find(width), Backward = backward };
            WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, height.Input * width.Input)), ref body);
        }
    }

    private struct Body<T> : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal T* Inputs, Outputs;
        internal PoolWindows H, W;
        internal RegularWindows Regular;
        internal bool Backward;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            bool tiled = !Backward && Regular.Tiles(W) && RegularWindows.Find(H).Tiles(H);
            T* row = (T*)Scratch.Take(((nint)(tiled ? H.Output : 1) * W.Input + 2 * Vector<T>.Count) * sizeof(T));
            T[] scales = Array.ConvertAll(W.Divisor, static divisor => T.CreateTruncating(divisor));
            int inputs = H.Input * W.Input;
            var rows = RegularWindows.Find(H);
            bool once = rows.Windows == H.Output && rows.Stride == rows.Count && H.Step == 1, everywhere = once && rows.Count * H.Output == H.Input;
            fixed (T* divisor = scales)
            {
                for (int plane = start; plane < end; plane++)
                {
                    T* x = Inputs + (nint)plane * inputs, y = Outputs + (nint)plane * H.Output * W.Output;
                    if (tiled)
                    {
                        Tiles(x, y, row, T.CreateTruncating(H.Divisor[0]) * divisor[0]);
                        continue;
                    }
                    if (Backward && !everywhere) { new Span<T>(x, inputs).Clear(); }
                    for (int oh = 0; oh < H.Output; oh++, y += W.Output)
                    {
                        T scale = T.CreateTruncating(H.Divisor[oh]);
                        if (Backward) { Spread(x, y, oh, scale, row, divisor, once); }
                        else { Average(x, y, oh, scale, row, divisor); }
                    }
                }
            }
        }

        /// <summary>Windows that tile the plane: once their rows are added, those of all rows lie as if in one.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Tiles(T* x, T* y, T* sums, T divisor)
        {
            int columns = W.Input, rows = H.Count[0], windows = H.Output * W.Output, lanes = Vector<T>.Count, i = 0;
            for (int oh = 0; oh < H.Output; oh++, x += (nint)rows * columns)
            {
                T* row = sums + (nint)oh * columns;
                new Span<T>(x, columns).CopyTo(new Span<T>(row, columns));
                for (int k = 1; k < rows; k++) { Add(row, x + (nint)k * columns, columns); }
            }
            for (; i <= windows - lanes; i += lanes)
            {
                var sum = Vector<T>.Zero;
                for (int k = 0; k < Regular.Count; k++) { sum += Regular.Gather(sums + (nint)i * Regular.Stride + k, lanes); }
                (sum / Vector.Create(divisor)).Store(y + i);
            }
            for (; i < windows; i++)
            {
                T sum = T.Zero;
                for (int k = 0; k < Regular.Count; k++) { sum += sums[(nint)i * Regular.Stride + k]; }
                y[i] = sum / divisor;
            }
        }

        /// <summary>Adds the window's rows, then the columns of each window.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Average(T* x, T* y, int oh, T scale, T* row, T* divisor)
        {
            int columns = W.Input;
            if (H.Count[oh] == 0) { new Span<T>(row, columns).Clear(); }
            for (int k = 0; k < H.Count[oh]; k++)
            {
                T* from = x + (nint)(H.Start[oh] + k * H.Step) * columns;
                if (k == 0) { new Span<T>(from, columns).CopyTo(new Span<T>(row, columns)); }
                else { Add(row, from, columns); }
            }
            Columns(row, y, 0, Regular.First, scale, divisor);
            int done = Regular.First + Vectors(row, y, scale, divisor);
            Columns(row, y, done, W.Output, scale, divisor);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Columns(T* row, T* y, int start, int end, T scale, T* divisor)
        {
            for (int ow = start; ow < end; ow++)
            {
                T sum = T.Zero;
                T* from = row + W.Start[ow];
                for (int k = 0; k < W.Count[ow]; k++) { sum += from[k * W.Step]; }
                y[ow] = sum / (scale * divisor[ow]);
            }
        }

        /// <summary>Whole vectors of regular windows; returns how many windows.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly int Vectors(T* row, T* y, T scale, T* divisor)
        {
            int lanes = Vector<T>.Count, i = 0;
            for (; i < Regular.Windows && Regular.Windows >= lanes; i += lanes)
            {
                // The last vector overlaps the one before.
                i = Math.Min(i, Regular.Windows - lanes);
                var sum = Vector<T>.Zero;
                T* from = row + Regular.Start + i * Regular.Stride;
                for (int k = 0; k < Regular.Count; k++) { sum += Regular.Gather(from + k * W.Step, lanes); }
                int o = Regular.First + i;
                (sum / (Vector.Create(scale) * Vector.Load(divisor + o))).Store(y + o);
            }
            return i;
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Spread(T* x, T* y, int oh, T scale, T* row, T* divisor, bool once)
        {
            int columns = W.Input, done = 0;
            if (IsTiledInPairs && sizeof(T) == sizeof(float)) { done = Pairs(y, row, scale, divisor); }
            new Span<T>(row + done * Regular.Stride, columns - done * Regular.Stride).Clear();
            for (int ow = done; ow < W.Output; ow++)
            {
                T share = y[ow] / (scale * divisor[ow]);
                T* to = row + W.Start[ow];
                for (int k = 0; k < W.Count[ow]; k++) { to[k * W.Step] += share; }
            }
            for (int k = 0; k < H.Count[oh]; k++)
            {
                T* to = x + (nint)(H.Start[oh] + k * H.Step) * columns;
                if (once) { new Span<T>(row, columns).CopyTo(new Span<T>(to, columns)); }
                else { Add(to, row, columns); }
            }
        }

        /// <summary>Whether the windows of a row are neighbouring pairs, from the first element on.</summary>
        private readonly bool IsTiledInPairs => Regular is { First: 0, Start: 0, Stride: 2, Count: 2 } && W.Step == 1;

        /// <summary>Each share twice, for whole vectors of windows; returns how many windows.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly int Pairs(T* y, T* row, T scale, T* divisor)
        {
            int lanes = Vector<T>.Count, i = 0;
            for (; i < Regular.Windows && Regular.Windows >= lanes; i += lanes)
            {
                i = Math.Min(i, Regular.Windows - lanes);
                var share = Vector.Load(y + i) / (Vector.Create(scale) * Vector.Load(divisor + i));
                Vector.Widen(share.As<T, uint>(), out var low, out var high);
                (low | (low << 32)).As<ulong, T>().Store(row + 2 * i);
                (high | (high << 32)).As<ulong, T>().Store(row + 2 * i + lanes);
            }
            return i;
        }

        [MethodImpl(Kernel.Loop)]
        private static void Add(T* to, T* from, int count)
        {
            int i = 0;
            for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) { (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i); }
            for (; i < count; i++) { to[i] += from[i]; }
        }
    }
}
