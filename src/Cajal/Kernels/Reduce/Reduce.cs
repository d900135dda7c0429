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
/// Reduces each row of a contiguous [rows, length] matrix. A row is cut into blocks of fixed size whose results are combined in pairs, so rounding grows
/// with the logarithm of the length and no bit depends on the number of threads.
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
                int blocks = (length + Block - 1) / Block;
                T[] partial = GC.AllocateUninitializedArray<T>(blocks);
                for (int row = 0; row < y.Length; row++)
                {
                    fixed (T* pp = partial)
                    {
                        var body = new BlockBody<T, TOperator> { X = px + (nint)row * length, Partial = pp, Length = length, Operator = op };
                        WorkerPool.For(blocks, 4, 1, ref body);
                        py[row] = Pairs(pp, blocks, op);
                    }
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

    private static T Row<T, TOperator>(T* x, int length, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        if (length <= Block) return Contiguous(x, length, op);
        int half = (length / Block + 1) / 2 * Block;
        return Combine(Row(x, half, op), Row(x + half, length - half, op), op);
    }

    private static T Pairs<T, TOperator>(T* partial, int count, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        if (count == 1) return *partial;
        int half = count / 2;
        return Combine(Pairs(partial, half, op), Pairs(partial + half, count - half, op), op);
    }

    private static T Combine<T, TOperator>(T a, T b, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator =>
        op.Combine(Vector.Create(a), Vector.Create(b))[0];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Contiguous<T, TOperator>(T* x, int length, TOperator op)
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        var identity = op.Identity<T>();
        Vector<T> a = identity, b = identity, c = identity, d = identity;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= length - 4 * lanes; i += 4 * lanes)
        {
            a = op.Combine(a, Vector.Load(x + i));
            b = op.Combine(b, Vector.Load(x + i + lanes));
            c = op.Combine(c, Vector.Load(x + i + 2 * lanes));
            d = op.Combine(d, Vector.Load(x + i + 3 * lanes));
        }
        for (; i <= length - lanes; i += lanes) a = op.Combine(a, Vector.Load(x + i));
        if (i < length)
        {
            var padded = identity;
            new ReadOnlySpan<T>(x + i, length - i).CopyTo(new Span<T>(&padded, lanes));
            b = op.Combine(b, padded);
        }
        a = op.Combine(op.Combine(a, b), op.Combine(c, d));
        T result = a[0];
        for (int lane = 1; lane < lanes; lane++) result = Combine(result, a[lane], op);
        return result;
    }

    private struct RowBody<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        internal T* X, Y;
        internal int Length;
        internal TOperator Operator;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++) Y[row] = Row(X + (nint)row * Length, Length, Operator);
        }
    }

    private struct BlockBody<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IReduceOperator
    {
        internal T* X, Partial;
        internal int Length;
        internal TOperator Operator;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Invoke(int start, int end)
        {
            for (int block = start; block < end; block++) Partial[block] = Contiguous(X + (nint)block * Block, Math.Min(Block, Length - block * Block), Operator);
        }
    }
}
