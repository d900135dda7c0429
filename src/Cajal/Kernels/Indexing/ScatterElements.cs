using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>What arrives at y[o, p[o, j, i], i] from s[o, j, i]: the sum, or the last writer.</summary>
/// <remarks>Threads share planes and columns; along an axis, arrivals are handled in the order of j.</remarks>
internal static unsafe class ScatterElements
{
    private const int BlockWidth = 64;

    /// <summary>y[o, p, i] += s[o, j, i]: s and positions [outer, count, inner], y [outer, length, inner].</summary>
    internal static void Sum<T>(ReadOnlySpan<T> s, ReadOnlySpan<int> positions, Span<T> y, int outer, int length, int inner) where T : unmanaged, INumber<T>
    {
        if (s.Length == 0) return;
        fixed (T* ps = s, py = y)
        fixed (int* p = positions)
        {
            var body = new SumBody<T> { S = ps, Y = py, Walk = new(p, s.Length, outer, length, inner) };
            Start(s.Length, outer, body.Walk.Blocks, ref body);
        }
    }

    /// <summary>y[o, p, i] = the row-major place of the last (o, j, i) that is sent there; other elements stay.</summary>
    internal static void LastWriter(ReadOnlySpan<int> positions, Span<int> y, int outer, int length, int inner)
    {
        if (positions.Length == 0) return;
        fixed (int* py = y, p = positions)
        {
            var body = new WriterBody { Y = py, Walk = new(p, positions.Length, outer, length, inner) };
            Start(positions.Length, outer, body.Walk.Blocks, ref body);
        }
    }

    private static void Start<TBody>(int work, int outer, int blocks, ref TBody body) where TBody : struct, IRangeBody
    {
        if (work < Unary.Grain) body.Invoke(0, outer * blocks);
        else WorkerPool.For(outer * blocks, (int)Math.Max(1, Unary.Grain / 2 * (long)outer * blocks / work), ref body);
    }

    /// <summary>Where the pieces of work lie: item = plane and block of columns.</summary>
    private readonly struct Walk(int* positions, int work, int outer, int length, int inner)
    {
        internal readonly int* Positions = positions;
        internal readonly int Count = work / outer / inner, Inner = inner, Blocks = (inner + BlockWidth - 1) / BlockWidth;
        private readonly int length = length;

        internal nint Plane(int item) => (nint)(item / Blocks) * length * Inner;

        internal nint Source(int item) => (nint)(item / Blocks) * Count * Inner;

        internal (int First, int End) Columns(int item) => (item % Blocks * BlockWidth, Math.Min(Inner, (item % Blocks + 1) * BlockWidth));
    }

    private struct SumBody<T> : IRangeBody where T : unmanaged, INumber<T>
    {
        internal T* S, Y;
        internal Walk Walk;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                T* y = Y + Walk.Plane(item);
                var (first, last) = Walk.Columns(item);
                for (int j = 0; j < Walk.Count; j++)
                {
                    nint row = Walk.Source(item) + (nint)j * Walk.Inner;
                    for (int i = first; i < last; i++) y[(nint)Walk.Positions[row + i] * Walk.Inner + i] += S[row + i];
                }
            }
        }
    }

    private struct WriterBody : IRangeBody
    {
        internal int* Y;
        internal Walk Walk;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                int* y = Y + Walk.Plane(item);
                var (first, last) = Walk.Columns(item);
                for (int j = 0; j < Walk.Count; j++)
                {
                    nint row = Walk.Source(item) + (nint)j * Walk.Inner;
                    for (int i = first; i < last; i++) y[(nint)Walk.Positions[row + i] * Walk.Inner + i] = (int)(row + i);
                }
            }
        }
    }
}
