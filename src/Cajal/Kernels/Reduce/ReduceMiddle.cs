using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Reduces the middle axis of a contiguous [outer, length, inner] tensor by adding whole rows of <c>inner</c> values, without a transposition.
/// Long axes are cut into blocks of fixed size combined in order, so no bit depends on the number of threads.
/// </summary>
internal static unsafe class ReduceMiddle
{
    private const int Block = 256;

    internal static void Run<T, TOperator>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        fixed (T* px = x, py = y)
        {
            // Columns are split between threads; each column's order of summation is the same however they are split.
            var body = new Body<T, TOperator> { X = px, Y = py, Length = length, Inner = inner, Operator = op };
            int lanes = Vector<T>.Count, columnGroups = (inner + lanes - 1) / lanes;
            body.Groups = columnGroups;
            if (x.Length < Unary.Grain) body.Invoke(0, outer * columnGroups);
            else WorkerPool.For(outer * columnGroups, Math.Max(1, Unary.Grain / 2 / Math.Max(1, length * lanes)), 1, ref body);
        }
    }

    private struct Body<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        internal T* X, Y;
        internal int Length, Inner, Groups;
        internal TOperator Operator;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int lanes = Vector<T>.Count;
            int item = start;
            while (item < end)
            {
                int outer = item / Groups, group = item % Groups, column = group * lanes;
                T* x = X + (nint)outer * Length * Inner + column;
                T* y = Y + (nint)outer * Inner + column;
                if (group + 4 <= Groups - 1 && item + 4 <= end)
                {
                    Four(x, y);
                    item += 4;
                }
                else if (column + lanes <= Inner)
                {
                    One(x, y);
                    item++;
                }
                else
                {
                    for (int c = 0; c < Inner - column; c++) Single(x + c, y + c);
                    item++;
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Four(T* x, T* y)
        {
            int lanes = Vector<T>.Count;
            var identity = Operator.Identity<T>();
            Vector<T> ta = identity, tb = identity, tc = identity, td = identity;
            for (int from = 0; from < Length; from += Block)
            {
                Vector<T> a = identity, b = identity, c = identity, d = identity;
                int to = Math.Min(Length, from + Block);
                for (int i = from; i < to; i++)
                {
                    T* row = x + (nint)i * Inner;
                    a = Operator.Combine(a, Vector.Load(row));
                    b = Operator.Combine(b, Vector.Load(row + lanes));
                    c = Operator.Combine(c, Vector.Load(row + 2 * lanes));
                    d = Operator.Combine(d, Vector.Load(row + 3 * lanes));
                }
                ta = Operator.Combine(ta, a);
                tb = Operator.Combine(tb, b);
                tc = Operator.Combine(tc, c);
                td = Operator.Combine(td, d);
            }
            ta.Store(y);
            tb.Store(y + lanes);
            tc.Store(y + 2 * lanes);
            td.Store(y + 3 * lanes);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void One(T* x, T* y)
        {
            var total = Operator.Identity<T>();
            for (int from = 0; from < Length; from += Block)
            {
                var sum = Operator.Identity<T>();
                int to = Math.Min(Length, from + Block);
                for (int i = from; i < to; i++) sum = Operator.Combine(sum, Vector.Load(x + (nint)i * Inner));
                total = Operator.Combine(total, sum);
            }
            total.Store(y);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Single(T* x, T* y)
        {
            var total = Operator.Identity<T>();
            for (int from = 0; from < Length; from += Block)
            {
                var sum = Operator.Identity<T>();
                int to = Math.Min(Length, from + Block);
                for (int i = from; i < to; i++) sum = Operator.Combine(sum, Vector.Create(x[(nint)i * Inner]));
                total = Operator.Combine(total, sum);
            }
            *y = total[0];
        }
    }
}
