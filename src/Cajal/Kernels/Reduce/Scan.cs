using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>A named running combination along the middle axis of [outer, length, inner].</summary>
internal abstract class ScanKernel(string name)
{
    internal string Name { get; } = name;

    internal abstract void Run(ReadOnlySpan<float> x, Span<float> y, int outer, int length, int inner, bool fromEnd);
    internal abstract void Run(ReadOnlySpan<double> x, Span<double> y, int outer, int length, int inner, bool fromEnd);
    internal abstract void Run(ReadOnlySpan<long> x, Span<long> y, int outer, int length, int inner, bool fromEnd);
    internal abstract void Run(ReadOnlySpan<int> x, Span<int> y, int outer, int length, int inner, bool fromEnd);
}

/// <summary>The kernel of one operator struct. A line is combined strictly in order, so no bit depends on how the work is split.</summary>
internal sealed class ScanKernel<TOperator>(string name, TOperator op = default) : ScanKernel(name) where TOperator : struct, IReduceOperator
{
    internal override void Run(ReadOnlySpan<float> x, Span<float> y, int outer, int length, int inner, bool fromEnd) => Any(x, y, outer, length, inner, fromEnd);
    internal override void Run(ReadOnlySpan<double> x, Span<double> y, int outer, int length, int inner, bool fromEnd) => Any(x, y, outer, length, inner, fromEnd);
    internal override void Run(ReadOnlySpan<long> x, Span<long> y, int outer, int length, int inner, bool fromEnd) => Any(x, y, outer, length, inner, fromEnd);
    internal override void Run(ReadOnlySpan<int> x, Span<int> y, int outer, int length, int inner, bool fromEnd) => Any(x, y, outer, length, inner, fromEnd);

    private unsafe void Any<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, bool fromEnd) where T : unmanaged
    {
        if (x.Length == 0) return;
        fixed (T* px = x, py = y)
        {
            // Columns of a plane go a vector at a time; a lone column goes number by number.
            int groups = (inner + Vector<T>.Count - 1) / Vector<T>.Count;
            var body = new Body<T> { X = px, Y = py, Length = length, Inner = inner, Groups = groups, FromEnd = fromEnd, Operator = op };
            if (x.Length < Unary.Grain) body.Invoke(0, outer * groups);
            else WorkerPool.For(outer * groups, Math.Max(1, Unary.Grain / 2 / Math.Max(1, length * Math.Min(inner, Vector<T>.Count))), 1, ref body);
        }
    }

    private unsafe struct Body<T> : IRangeBody where T : unmanaged
    {
        internal T* X, Y;
        internal int Length, Inner, Groups;
        internal bool FromEnd;
        internal TOperator Operator;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int column = item % Groups * Vector<T>.Count;
                nint first = (nint)(item / Groups) * Length * Inner + column, step = Inner;
                if (FromEnd)
                {
                    first += (nint)(Length - 1) * Inner;
                    step = -step;
                }
                if (column + Vector<T>.Count <= Inner) Vectors(first, step);
                else for (int c = 0; c < Inner - column; c++) Numbers(first + c, step);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Vectors(nint at, nint step)
        {
            var total = Operator.Identity<T>();
            for (int i = 0; i < Length; i++, at += step)
            {
                total = Operator.Combine(total, Vector.Load(X + at));
                total.Store(Y + at);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Numbers(nint at, nint step)
        {
            var total = Operator.Identity<T>();
            for (int i = 0; i < Length; i++, at += step)
            {
                total = Operator.Combine(total, Vector.Create(X[at]));
                Y[at] = total[0];
            }
        }
    }
}
