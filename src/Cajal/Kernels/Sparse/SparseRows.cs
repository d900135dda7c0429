using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Loops over the entries of a sparse matrix, row by row. Threads share rows, and a row's entries are taken in their order, so bits do not depend on the number of
/// threads. Heads are equal pieces of the dense rows, each with a value of its own per entry.
/// </summary>
internal static unsafe class SparseRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private enum Step { Product, Sampled, Softmax }

    /// <summary>y[i, h, :] = Σ v[e, h] x[j(e), h, :] over the entries e of row i; v [entries, heads], x [columns, width] → y [rows, width].</summary>
    internal static void Product(SparsePattern pattern, ReadOnlySpan<T> values, ReadOnlySpan<T> x, Span<T> y, int width, int heads)
    {
        fixed (T* v = values, px = x, py = y) Run(pattern, new Body { V = v, B = px, Y = py, Width = width, Heads = heads, Step = Step.Product }, width);
    }

    /// <summary>s[e, h] = a[i(e), h, :] · b[j(e), h, :]; a [rows, width], b [columns, width] → s [entries, heads].</summary>
    internal static void Sampled(SparsePattern pattern, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> s, int width, int heads)
    {
        fixed (T* pa = a, pb = b, ps = s) Run(pattern, new Body { V = pa, B = pb, Y = ps, Width = width, Heads = heads, Step = Step.Sampled }, width);
    }

    /// <summary>p[e, h] = exp(v[e, h]) / Σ exp(v[·, h]) over the entries of a row; v [entries, heads] → p [entries, heads].</summary>
    internal static void Softmax(SparsePattern pattern, ReadOnlySpan<T> values, Span<T> p, int heads)
    {
        const int CostOfExp = 8;
        fixed (T* v = values, pp = p) Run(pattern, new Body { V = v, Y = pp, Heads = heads, Step = Step.Softmax }, heads * CostOfExp);
    }

    private static void Run(SparsePattern pattern, Body body, int work)
    {
        fixed (int* starts = pattern.RowStarts, columns = pattern.ColumnNumbers)
        {
            body.Starts = starts;
            body.Columns = columns;
            long total = ((long)pattern.Count + pattern.RowCount) * Math.Max(1, work);
            if (total < Unary.Grain) body.Invoke(0, pattern.RowCount);
            else WorkerPool.For(pattern.RowCount, (int)Math.Max(1, Unary.Grain / 2 * (long)pattern.RowCount / total), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal int* Starts, Columns;
        internal T* V, B, Y;
        internal int Width, Heads;
        internal Step Step;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                switch (Step)
                {
                    case Step.Product: Product(row); break;
                    case Step.Sampled: Sampled(row); break;
                    default: Softmax(row); break;
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Product(int row)
        {
            T* y = Y + (nint)row * Width;
            new Span<T>(y, Width).Clear();
            int each = Width / Math.Max(1, Heads), lanes = Vector<T>.Count;
            for (int e = Starts[row]; e < Starts[row + 1]; e++)
            {
                T* x = B + (nint)Columns[e] * Width;
                for (int h = 0, at = 0; h < Heads; h++, at += each)
                {
                    T value = V[(nint)e * Heads + h];
                    var wide = new Vector<T>(value);
                    int i = at, last = at + each;
                    for (; i <= last - lanes; i += lanes) (Vector.Load(y + i) + wide * Vector.Load(x + i)).Store(y + i);
                    for (; i < last; i++) y[i] += value * x[i];
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Sampled(int row)
        {
            T* a = V + (nint)row * Width;
            int each = Width / Heads, lanes = Vector<T>.Count;
            for (int e = Starts[row]; e < Starts[row + 1]; e++)
            {
                T* b = B + (nint)Columns[e] * Width;
                for (int h = 0, at = 0; h < Heads; h++, at += each)
                {
                    var wide = Vector<T>.Zero;
                    int i = at, last = at + each;
                    for (; i <= last - lanes; i += lanes) wide += Vector.Load(a + i) * Vector.Load(b + i);
                    T sum = Vector.Sum(wide);
                    for (; i < last; i++) sum += a[i] * b[i];
                    Y[(nint)e * Heads + h] = sum;
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Softmax(int row)
        {
            int first = Starts[row], last = Starts[row + 1];
            for (int h = 0; h < Heads; h++)
            {
                T top = T.NegativeInfinity, sum = T.Zero;
                for (int e = first; e < last; e++) top = T.Max(top, V[(nint)e * Heads + h]);
                for (int e = first; e < last; e++) sum += Y[(nint)e * Heads + h] = T.Exp(V[(nint)e * Heads + h] - top);
                for (int e = first; e < last; e++) Y[(nint)e * Heads + h] /= sum;
            }
        }
    }
}
