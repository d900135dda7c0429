using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The largest element of each window of each plane, and its place in the plane. The first of equals wins, row by row; a NaN wins over everything.
/// An empty window gives -infinity and place -1.
/// </summary>
/// <remarks>Rows are compared first, whole rows at a time; then the winning columns of each window, many windows at a time where they lie regularly.</remarks>
internal static unsafe class MaxPooling
{
    internal static void Run<T>(ReadOnlySpan<T> x, Span<T> y, Span<int> places, PoolWindows height, PoolWindows width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int planes = y.Length / (height.Output * width.Output);
        fixed (T* px = x, py = y)
        fixed (int* pp = places)
        {
            var body = new Body<T> { X = px, Y = py, Places = pp, H = height, W = width, Regular = RegularWindows.Find(width) };
            WorkerPool.For(planes, Math.Max(1, 8192 / Math.Max(1, height.Input * width.Input)), ref body);
        }
    }

    private struct Body<T> : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal T* X, Y;
        internal int* Places;
        internal PoolWindows H, W;
        internal RegularWindows Regular;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            // The winner of each column of the present row of windows, and the row it came from (as a T, so that one mask selects both).
            int padded = W.Input + 2 * Vector<T>.Count;
            T[] scratch = new T[2 * padded];
            int outputs = H.Output * W.Output, inputs = H.Input * W.Input;
            fixed (T* winner = scratch)
            {
                T* row = winner + padded;
                for (int plane = start; plane < end; plane++)
                {
                    for (int oh = 0; oh < H.Output; oh++)
                    {
                        T* y = Y + (nint)plane * outputs + (nint)oh * W.Output;
                        int* places = Places + (nint)plane * outputs + (nint)oh * W.Output;
                        bool isEmpty = H.Count[oh] == 0;
                        if (!isEmpty) { Rows(X + (nint)plane * inputs, oh, winner, row); }
                        int first = isEmpty ? W.Output : Regular.First, last = isEmpty ? W.Output : Regular.First + Regular.Windows;
                        Columns(winner, row, y, places, 0, first, isEmpty);
                        if (!isEmpty) { Vectors(winner, row, y, places); }
                        Columns(winner, row, y, places, last, W.Output, isEmpty);
                    }
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Rows(T* plane, int oh, T* winner, T* row)
        {
            int first = H.Start[oh], columns = W.Input, lanes = Vector<T>.Count, w;
            new Span<T>(plane + (nint)first * columns, columns).CopyTo(new Span<T>(winner, columns));
            new Span<T>(row, columns).Fill(T.CreateTruncating(first));
            for (int k = 1; k < H.Count[oh]; k++)
            {
                int at = first + k * H.Step;
                T* x = plane + (nint)at * columns;
                var place = new Vector<T>(T.CreateTruncating(at));
                for (w = 0; w <= columns - lanes; w += lanes)
                {
                    Vector<T> value = Vector.Load(x + w), best = Vector.Load(winner + w);
                    var wins = Wins(value, best);
                    Vector.ConditionalSelect(wins, value, best).Store(winner + w);
                    Vector.ConditionalSelect(wins, place, Vector.Load(row + w)).Store(row + w);
                }
                for (; w < columns; w++)
                {
                    if (!Wins(x[w], winner[w])) { continue; }
                    winner[w] = x[w];
                    row[w] = T.CreateTruncating(at);
                }
            }
        }

        /// <summary>Many regular windows at a time: their first columns, then their second, ...</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Vectors(T* winner, T* row, T* y, int* places)
        {
            int lanes = Vector<T>.Count, count = Regular.Windows, start = Regular.Start;
            T* values = stackalloc T[lanes], rowNumbers = stackalloc T[lanes], taps = stackalloc T[lanes];
            for (int i = 0; i < count; i += lanes)
            {
                Vector<T> best = Vector<T>.Zero, bestRow = best, bestTap = best;
                int use = Math.Min(lanes, count - i), from = start + i * Regular.Stride;
                for (int k = 0; k < Regular.Count; k++)
                {
                    int at = from + k * W.Step;
                    Vector<T> value = Regular.Gather(winner + at, use), valueRow = Regular.Gather(row + at, use);
                    if (k == 0)
                    {
                        (best, bestRow) = (value, valueRow);
                        continue;
                    }
                    // Among equals (or NaNs) of different columns, the one in the upper row came first.
                    var equal = Vector.Equals(value, best) | Vector.OnesComplement(Vector.Equals(value, value) | Vector.Equals(best, best));
                    var wins = Wins(value, best) | (equal & Vector.LessThan(valueRow, bestRow));
                    best = Vector.ConditionalSelect(wins, value, best);
                    bestRow = Vector.ConditionalSelect(wins, valueRow, bestRow);
                    bestTap = Vector.ConditionalSelect(wins, new Vector<T>(T.CreateTruncating(k)), bestTap);
                }
                int o = Regular.First + i;
                if (typeof(T) == typeof(float) && use == lanes)
                {
                    best.Store(y + o);
                    var rows = Vector.ConvertToInt32(bestRow.As<T, float>()) * W.Input;
                    var columns = Vector.ConvertToInt32(bestTap.As<T, float>()) * W.Step + Vector.CreateSequence(from, Regular.Stride);
                    (rows + columns).Store(places + o);
                    continue;
                }
                best.Store(values);
                bestRow.Store(rowNumbers);
                bestTap.Store(taps);
                for (int lane = 0; lane < use; lane++)
                {
                    y[o + lane] = values[lane];
                    places[o + lane] = int.CreateTruncating(rowNumbers[lane]) * W.Input + from + lane * Regular.Stride + int.CreateTruncating(taps[lane]) * W.Step;
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Columns(T* winner, T* row, T* y, int* places, int start, int end, bool isEmpty)
        {
            for (int ow = start; ow < end; ow++)
            {
                int first = W.Start[ow], count = isEmpty ? 0 : W.Count[ow];
                T best = T.NegativeInfinity;
                int place = -1;
                for (int k = 0, w = first; k < count; k++, w += W.Step)
                {
                    T value = winner[w];
                    int at = int.CreateTruncating(row[w]) * W.Input + w;
                    bool equal = value == best || (T.IsNaN(value) && T.IsNaN(best));
                    if (k > 0 && !(equal ? at < place : Wins(value, best))) { continue; }
                    best = value;
                    place = at;
                }
                y[ow] = best;
                places[ow] = place;
            }
        }

        private static bool Wins(T value, T best) => value > best || (T.IsNaN(value) && !T.IsNaN(best));

        private static Vector<T> Wins(Vector<T> value, Vector<T> best) =>
            Vector.GreaterThan(value, best) | Vector.AndNot(Vector.Equals(best, best), Vector.Equals(value, value));
    }
}
