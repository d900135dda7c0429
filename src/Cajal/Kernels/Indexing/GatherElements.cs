using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>y[o, j, i] = x[o, p[o, j, i], i]. <typeparamref name="T"/> only gives the element size.</summary>
internal static unsafe class GatherElements<T> where T : unmanaged
{
    /// <summary>x [outer, length, inner], positions and y [outer, count, inner]; y must not overlap x.</summary>
    internal static void Run(ReadOnlySpan<T> x, ReadOnlySpan<int> positions, Span<T> y, int outer, int length, int inner)
    {
        if (y.Length == 0) return;
        int rows = y.Length / inner;
        fixed (T* px = x, py = y)
        fixed (int* p = positions)
        {
            var body = new Body { X = px, Y = py, Positions = p, Count = rows / outer, Length = length, Inner = inner };
            if (y.Length < Unary.Grain) body.Invoke(0, rows);
            else WorkerPool.For(rows, Math.Max(1, Unary.Grain / 2 / inner), ref body);
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
            for (int row = start; row < end; row++)
            {
                T* plane = X + (nint)(row / Count) * Length * Inner;
                T* y = Y + (nint)row * Inner;
                int* p = Positions + (nint)row * Inner;
                for (int i = 0; i < Inner; i++) y[i] = plane[(nint)p[i] * Inner + i];
            }
        }
    }
}
