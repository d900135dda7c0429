using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>y[o, p[j], :] += s[o, j, :], the adjoint of <see cref="TakeRows{T}"/>. A negative position is skipped.</summary>
/// <remarks>Threads share columns, never rows: every sum is taken in the order of j, whatever their number.</remarks>
internal static unsafe class SumRows<T> where T : unmanaged, INumber<T>
{
    private const int BlockWidth = 64;

    /// <summary>s [outer, count, inner], positions [count] → y [outer, length, inner], which holds what is added to.</summary>
    internal static void Run(ReadOnlySpan<T> s, ReadOnlySpan<int> positions, Span<T> y, int outer, int length, int inner)
    {
        if (s.Length == 0) return;
        int blocks = (inner + BlockWidth - 1) / BlockWidth;
        fixed (T* ps = s, py = y)
        fixed (int* p = positions)
        {
            var body = new Body { S = ps, Y = py, Positions = p, Count = positions.Length, Length = length, Inner = inner, Blocks = blocks };
            if (s.Length < Unary.Grain) body.Invoke(0, outer * blocks);
            else WorkerPool.For(outer * blocks, (int)Math.Max(1, Unary.Grain / 2 * (long)outer * blocks / s.Length), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal T* S, Y;
        internal int* Positions;
        internal int Count, Length, Inner, Blocks;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            // Neighbouring blocks of one plane are done together, so that rows are walked in long pieces.
            while (start < end)
            {
                int plane = start / Blocks, block = start % Blocks, blocks = Math.Min(Blocks - block, end - start);
                int column = block * BlockWidth, width = Math.Min(Inner, (block + blocks) * BlockWidth) - column;
                Columns(S + (nint)plane * Count * Inner + column, Y + (nint)plane * Length * Inner + column, width);
                start += blocks;
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Columns(T* s, T* y, int width)
        {
            int lanes = Vector<T>.Count;
            for (int j = 0; j < Count; j++, s += Inner)
            {
                if (Positions[j] < 0) continue;
                T* target = y + (nint)Positions[j] * Inner;
                int i = 0;
                for (; i <= width - lanes; i += lanes) (Vector.Load(target + i) + Vector.Load(s + i)).Store(target + i);
                for (; i < width; i++) target[i] += s[i];
            }
        }
    }
}
