using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// The traversal of two inputs of broadcast shapes. After merging axes, the innermost run of each operand is either contiguous or one
/// repeated value; the traversal walks rows of such runs. Tails are padded (see <see cref="Unary"/>).
/// </summary>
internal static unsafe class Binary
{
    internal static void RunRows<T, TOperator>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, in BinaryWalk walk, TOperator op)
        where T : unmanaged
        where TOperator : struct, IBinaryOperator
    {
        fixed (T* px = x, py = y, pz = z)
        fixed (int* startsX = walk.X.Starts, startsY = walk.Y.Starts)
        {
            var body = new Body<T, TOperator>
            {
                X = px, Y = py, Z = pz, StartsX = startsX, StartsY = startsY, StrideX = walk.X.RowStride, StrideY = walk.Y.RowStride,
                RunX = walk.X.Run, RunY = walk.Y.Run, Length = walk.Length, Operator = op, ByRow = walk.Rows > 1,
                Streams = walk.Rows == 1 && px != pz && py != pz && Streaming.Pays(pz, walk.Length, (walk.X.Run == Run.Contiguous ? 1 : 0) + (walk.Y.Run == Run.Contiguous ? 1 : 0)),
            };
            if (walk.Rows == 1)
            {
                if (walk.Length < Unary.Grain) body.Invoke(0, walk.Length);
                else WorkerPool.For(walk.Length, Unary.Grain / 2, 64, ref body);
            }
            else if ((long)walk.Rows * walk.Length < Unary.Grain) body.Invoke(0, walk.Rows);
            else WorkerPool.For(walk.Rows, Math.Max(1, Unary.Grain / 2 / Math.Max(1, walk.Length)), 1, ref body);
        }
    }

    private struct Body<T, TOperator> : IRangeBody
        where T : unmanaged
        where TOperator : struct, IBinaryOperator
    {
        internal T* X, Y, Z;
        internal int* StartsX, StartsY;
        internal int StrideX, StrideY, Length;
        internal Run RunX, RunY;
        internal bool ByRow, Streams;
        internal TOperator Operator;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            if (!ByRow)
            {
                Span(RunX == Run.Contiguous ? X + start : X, RunY == Run.Contiguous ? Y + start : Y, Z + start, end - start);
                return;
            }
            for (int row = start; row < end; row++)
            {
                T* x = X + (StartsX != null ? StartsX[row] : (nint)row * StrideX);
                T* y = Y + (StartsY != null ? StartsY[row] : (nint)row * StrideY);
                Span(x, y, Z + (nint)row * Length, Length);
            }
        }

        private readonly void Span(T* x, T* y, T* z, int length)
        {
            bool repeatsX = RunX == Run.Repeated, repeatsY = RunY == Run.Repeated;
            if (TOperator.IsHeavy && Vector512.IsHardwareAccelerated) Heavy(x, y, z, length, repeatsX, repeatsY, Operator, Streams);
            else if (repeatsX && repeatsY) new Span<T>(z, length).Fill(Operator.Invoke(Vector.Create(*x), Vector.Create(*y))[0]);
            else if (repeatsX) Left(*x, y, z, length, Operator);
            else if (repeatsY) Right(x, *y, z, length, Operator);
            else Both(x, y, z, length, Operator, Streams);
        }

        [MethodImpl(Kernel.Loop)]
        private static void Heavy(T* x, T* y, T* z, int length, bool repeatsX, bool repeatsY, TOperator op, bool streams)
        {
            int i = 0;
            for (; i <= length - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                var left = repeatsX ? Vector512.Create(*x) : Vector512.Load(x + i);
                var right = repeatsY ? Vector512.Create(*y) : Vector512.Load(y + i);
                Streaming.Store(op.Invoke(left, right), z + i, streams);
            }
            if (i < length)
            {
                var left = repeatsX ? Vector512.Create(*x) : Tail512.Load(x + i, length - i, Vector512<T>.One);
                var right = repeatsY ? Vector512.Create(*y) : Tail512.Load(y + i, length - i, Vector512<T>.One);
                Tail512.Store(op.Invoke(left, right), z + i, length - i);
            }
            Streaming.Finish(streams);
        }

        [MethodImpl(Kernel.Loop)]
        private static void Both(T* x, T* y, T* z, int length, TOperator op, bool streams)
        {
            int i = 0, lanes = Vector<T>.Count;
            for (; !TOperator.IsHeavy && i <= length - 4 * lanes; i += 4 * lanes)
            {
                var a = op.Invoke(Vector.Load(x + i), Vector.Load(y + i));
                var b = op.Invoke(Vector.Load(x + i + lanes), Vector.Load(y + i + lanes));
                var c = op.Invoke(Vector.Load(x + i + 2 * lanes), Vector.Load(y + i + 2 * lanes));
                var d = op.Invoke(Vector.Load(x + i + 3 * lanes), Vector.Load(y + i + 3 * lanes));
                Streaming.Store(a, b, c, d, z + i, streams);
            }
            for (; i <= length - lanes; i += lanes) op.Invoke(Vector.Load(x + i), Vector.Load(y + i)).Store(z + i);
            if (i < length) Tail.Store(op.Invoke(Padded(x + i, length - i), Padded(y + i, length - i)), z + i, length - i);
            Streaming.Finish(streams);
        }

        [MethodImpl(Kernel.Loop)]
        private static void Right(T* x, T y, T* z, int length, TOperator op)
        {
            var repeated = Vector.Create(y);
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= length - lanes; i += lanes) op.Invoke(Vector.Load(x + i), repeated).Store(z + i);
            if (i < length) Tail.Store(op.Invoke(Padded(x + i, length - i), repeated), z + i, length - i);
        }

        [MethodImpl(Kernel.Loop)]
        private static void Left(T x, T* y, T* z, int length, TOperator op)
        {
            var repeated = Vector.Create(x);
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= length - lanes; i += lanes) op.Invoke(repeated, Vector.Load(y + i)).Store(z + i);
            if (i < length) Tail.Store(op.Invoke(repeated, Padded(y + i, length - i)), z + i, length - i);
        }

        /// <summary>The last few elements, padded with ones so that a division in an unused lane is harmless for integers too.</summary>
        private static Vector<T> Padded(T* source, int count) => Tail.Load(source, count, Vector<T>.One);
    }
}
