using System.Numerics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The largest element of each window of each plane, and its place in the plane. The first of equals wins, row by row; a NaN wins over everything.
/// An empty window gives -infinity and place -1.
/// </summary>
internal static unsafe class MaxPooling
{
    internal static void Run<T>(ReadOnlySpan<T> x, Span<T> y, Span<int> places, PoolWindows height, PoolWindows width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int planes = y.Length / (height.Output * width.Output);
        fixed (T* px = x, py = y)
        fixed (int* pp = places)
        {
            var body = new Body<T> { X = px, Y = py, Places = pp, H = height, W = width };
            WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, height.Input * width.Input)), ref body);
        }
    }

    struct Body<T> : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal T* X, Y;
        internal int* Places;
        internal PoolWindows H, W;

        public readonly void Invoke(int start, int end)
        {
            // Rows are compared first, whole rows at a time; then the winners of the columns of each window.
            T[] best = new T[W.Input + Vector<T>.Count];
            int[] rows = new int[W.Input + Vector<T>.Count];
            int outputs = H.Output * W.Output, inputs = H.Input * W.Input;
            fixed (T* winner = best)
            fixed (int* row = rows)
            {
                for (int plane = start; plane < end; plane++)
                {
                    for (int oh = 0; oh < H.Output; oh++)
                    {
                        Rows(X + (nint)plane * inputs, oh, winner, row);
                        nint at = (nint)plane * outputs + (nint)oh * W.Output;
                        Columns(winner, row, Y + at, Places + at, H.Count[oh] == 0);
                    }
                }
            }
        }

        readonly void Rows(T* plane, int oh, T* winner, int* row)
        {
            int first = H.Start[oh], count = H.Count[oh], columns = W.Input;
            if (count == 0) { return; }
            new Span<T>(plane + (nint)first * columns, columns).CopyTo(new Span<T>(winner, columns));
            new Span<int>(row, columns).Fill(first);
            for (int k = 1; k < count; k++)
            {
                int at = first + k * H.Step;
                T* x = plane + (nint)at * columns;
                for (int w = 0; w < columns; w++)
                {
                    bool wins = Wins(x[w], winner[w]);
                    winner[w] = wins ? x[w] : winner[w];
                    row[w] = wins ? at : row[w];
                }
            }
        }

        readonly void Columns(T* winner, int* row, T* y, int* places, bool isEmpty)
        {
            for (int ow = 0; ow < W.Output; ow++)
            {
                int first = W.Start[ow], count = isEmpty ? 0 : W.Count[ow];
                T best = T.NegativeInfinity;
                int place = -1;
                for (int k = 0, w = first; k < count; k++, w += W.Step)
                {
                    T value = winner[w];
                    int at = row[w] * W.Input + w;
                    // Among equals (or NaNs) of different columns, the one in the upper row came first.
                    bool equal = value == best || (T.IsNaN(value) && T.IsNaN(best));
                    bool wins = k == 0 || (equal ? at < place : Wins(value, best));
                    best = wins ? value : best;
                    place = wins ? at : place;
                }
                y[ow] = best;
                places[ow] = place;
            }
        }

        static bool Wins(T value, T best) => value > best || (T.IsNaN(value) && !T.IsNaN(best));
    }
}
