using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>An associative combination of two values, with the value that changes nothing.</summary>
internal interface IReduceOperator
{
    Vector<T> Identity<T>() where T : unmanaged;

    Vector<T> Combine<T>(Vector<T> accumulated, Vector<T> x) where T : unmanaged;
}

/// <summary>
/// Reduces each row of a contiguous [rows, length] matrix. A row is cut into blocks of fixed size whose results, a vector each, are combined in pairs and then
/// across lanes, so rounding grows with the logarithm of the length and no bit depends on the number of threads.
/// </summary>
internal static unsafe class Reduce
{
    private const int Block = 4096;

    internal static void Rows<T, TOperator>(ReadOnlySpan<T> x, Span<T> y, int length, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        fixed (T* px = x, py = y)
        {
            if (length > 4 * Block && y.Length < 64)
            {
                int blocks = (length + Block - 1) / Block, lanes = Vector<T>.Count;
                using var partial = new WorkingMemory<T>(blocks * lanes);
                for (int row = 0; row < y.Length; row++)
                {
                    var body = new BlockBody<T, TOperator> { X = px + (nint)row * length, Partial = partial.Start, Length = length, Operator = op };
                    WorkerPool.For(blocks, 4, 1, ref body);
                    py[row] = Lanes(Pairs(partial.Start, blocks, op), op);
                }
            }
            else
            {
                var body = new RowBody<T, TOperator> { X = px, Y = py, Length = length, Operator = op };
                if (x.Length < Unary.Grain) body.Invoke(0, y.Length);
                else WorkerPool.For(y.Length, Math.Max(1, Unary.Grain / 2 / Math.Max(1, length)), 1, ref body);
            }
        }
    }

    private static Vector<T> Row<T, TOperator>(T* x, int length, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        if (length <= Block) return Contiguous(x, length, op);
        int half = (length / Block + 1) / 2 * Block;
        return op.Combine(Row(x, half, op), Row(x + half, length - half, op));
    }

    private static Vector<T> Pairs<T, TOperator>(T* partial, int count, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        if (count == 1) return Vector.Load(partial);
        int half = count / 2;
        return op.Combine(Pairs(partial, half, op), Pairs(partial + (nint)half * Vector<T>.Count, count - half, op));
    }

    [MethodImpl(Kernel.Loop)]
    private static Vector<T> Contiguous<T, TOperator>(T* x, int length, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        var identity = op.Identity<T>();
        Vector<T> a = identity, b = identity, c = identity, d = identity, e = identity, f = identity, g = identity, h = identity;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= length - 8 * lanes; i += 8 * lanes)
        {
            a = op.Combine(a, Vector.Load(x + i));
            b = op.Combine(b, Vector.Load(x + i + lanes));
            c = op.Combine(c, Vector.Load(x + i + 2 * lanes));
            d = op.Combine(d, Vector.Load(x + i + 3 * lanes));
            e = op.Combine(e, Vector.Load(x + i + 4 * lanes));
            f = op.Combine(f, Vector.Load(x + i + 5 * lanes));
            g = op.Combine(g, Vector.Load(x + i + 6 * lanes));
            h = op.Combine(h, Vector.Load(x + i + 7 * lanes));
        }
        for (; i <= length - lanes; i += lanes) a = op.Combine(a, Vector.Load(x + i));
        if (i < length) b = op.Combine(b, Tail.Load(x + i, length - i, identity));
        a = op.Combine(op.Combine(a, b), op.Combine(c, d));
        return op.Combine(a, op.Combine(op.Combine(e, f), op.Combine(g, h)));
    }

    // A method of its own: picking lanes by number keeps a vector in memory, which would put every accumulation above through the stack.
    [MethodImpl(Kernel.Loop)]
    private static T Lanes<T, TOperator>(Vector<T> x, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        var result = Vector.Create(x[0]);
        for (int lane = 1; lane < Vector<T>.Count; lane++) result = op.Combine(result, Vector.Create(x[lane]));
        return result[0];
    }

    private struct RowBody<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        internal T* X, Y;
        internal int Length;
        internal TOperator Operator;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++) Y[row] = Lanes(Row(X + (nint)row * Length, Length, Operator), Operator);
        }
    }

    private struct BlockBody<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        internal T* X, Partial;
        internal int Length;
        internal TOperator Operator;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int block = start; block < end; block++)
            {
                Contiguous(X + (nint)block * Block, Math.Min(Block, Length - block * Block), Operator).Store(Partial + (nint)block * Vector<T>.Count);
            }
        }
    }
}
