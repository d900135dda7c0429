using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>y[o, j, :] = x[o, p[j], :]. A negative position gives zeros. <typeparamref name="T"/> only gives the element size.</summary>
internal static unsafe class TakeRows<T> where T : unmanaged
{
    /// <summary>x [outer, length, inner], positions [count] → y [outer, count, inner]; y must not overlap x.</summary>
    internal static void Run(ReadOnlySpan<T> x, ReadOnlySpan<int> positions, Span<T> y, int outer, int length, int inner)
    {
        if (y.Length == 0) return;
        fixed (T* px = x, py = y)
        fixed (int* p = positions)
        {
            var body = new Body { X = px, Y = py, Positions = p, Count = positions.Length, Length = length, Inner = inner };
            if (y.Length < Unary.Grain) body.Invoke(0, outer * positions.Length);
            else WorkerPool.For(outer * positions.Length, Math.Max(1, Unary.Grain / 2 / inner), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal T* X, Y;
        internal int* Positions;
        internal int Count, Length, Inner;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int plane = start / Count, j = start % Count;
            for (int row = start; row < end; row++)
            {
                int position = Positions[j];
                T* target = Y + (nint)row * Inner;
                T* source = X + ((nint)plane * Length + position) * Inner;
                if (Inner == 1) *target = position < 0 ? default : *source;
                else if (position < 0) new Span<T>(target, Inner).Clear();
                else new ReadOnlySpan<T>(source, Inner).CopyTo(new(target, Inner));
                if (++j == Count) (j, plane) = (0, plane + 1);
            }
        }
    }
}
