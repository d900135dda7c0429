using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The traversal of one contiguous input. The tail is padded to a whole vector, so the bits of an element depend on its value alone,
/// never on where it lies or how the range was split. The output may be the input; otherwise they must not overlap.
/// </summary>
internal static unsafe class Unary
{
    /// <summary>Below this many elements another thread costs more than it brings (measured for cheap operators).</summary>
    internal const int Grain = 16384;

    internal static void Run<T, TOperator>(ReadOnlySpan<T> x, Span<T> y, TOperator op)
        where T : unmanaged
        where TOperator : struct, IUnaryOperator
    {
        fixed (T* px = x, py = y)
        {
            var body = new Body<T, TOperator> { X = px, Y = py, Operator = op, Streams = px != py && Streaming.Pays(py, y.Length, 1) };
            if (y.Length < Grain) body.Invoke(0, y.Length);
            else WorkerPool.For(y.Length, Grain / 2, 64, ref body);
        }
    }

    private struct Body<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IUnaryOperator
    {
        internal T* X, Y;
        internal TOperator Operator;
        internal bool Streams;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            var op = Operator;
            bool streams = Streams;
            T* x = X, y = Y;
            int i = start, lanes = Vector<T>.Count;
            if (TOperator.IsHeavy && Vector512.IsHardwareAccelerated)
            {
                for (; i <= end - Vector512<T>.Count; i += Vector512<T>.Count) Streaming.Store(op.Invoke(Vector512.Load(x + i)), y + i, streams);
                if (i < end) Tail512.Store(op.Invoke(Tail512.Load(x + i, end - i)), y + i, end - i);
                Streaming.Finish(streams);
                return;
            }
            for (; !TOperator.IsHeavy && i <= end - 4 * lanes; i += 4 * lanes)
            {
                var a = op.Invoke(Vector.Load(x + i));
                var b = op.Invoke(Vector.Load(x + i + lanes));
                var c = op.Invoke(Vector.Load(x + i + 2 * lanes));
                var d = op.Invoke(Vector.Load(x + i + 3 * lanes));
                Streaming.Store(a, b, c, d, y + i, streams);
            }
            for (; i <= end - lanes; i += lanes) op.Invoke(Vector.Load(x + i)).Store(y + i);
            if (i < end) Tail.Store(op.Invoke(Tail.Load(x + i, end - i)), y + i, end - i);
            Streaming.Finish(streams);
        }
    }
}
