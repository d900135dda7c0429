using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Softmax and its logarithm of each row of a contiguous [rows, length] matrix, and the products of their Jacobians with a gradient. Rows are shifted by
/// their maximum, so nothing overflows; a row whose maximum is infinite becomes NaN. Each row is one thread's.
/// </summary>
internal static unsafe class SoftmaxRows
{
    internal static void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int length, bool logarithm) where T : unmanaged
    {
        fixed (T* px = x, py = y) Run(new Body<T> { X = px, Y = py, Length = length, Step = logarithm ? Step.Logarithm : Step.Forward }, y.Length);
    }

    /// <summary>dx = y (g - Σ g y), or dx = g - eʸ Σ g for the logarithm.</summary>
    internal static void Backward<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<T> dx, int length, bool logarithm) where T : unmanaged
    {
        fixed (T* pg = g, py = y, pd = dx) Run(new Body<T> { X = py, G = pg, Y = pd, Length = length, Step = logarithm ? Step.LogarithmBackward : Step.Backward }, dx.Length);
    }

    private enum Step { Forward, Logarithm, Backward, LogarithmBackward }

    private static void Run<T>(Body<T> body, int count) where T : unmanaged
    {
        if (count == 0) return;
        int rows = count / body.Length;
        if (count < Unary.Grain / 4) body.Invoke(0, rows);
        else WorkerPool.For(rows, Math.Max(1, Unary.Grain / 8 / body.Length), 1, ref body);
    }

    private struct Body<T> : IRangeBody where T : unmanaged
    {
        internal T* X, G, Y;
        internal int Length;
        internal Step Step;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                nint at = (nint)row * Length;
                switch (Step)
                {
                    case Step.Forward: Forward(X + at, Y + at); break;
                    case Step.Logarithm: Logarithm(X + at, Y + at); break;
                    case Step.Backward: Backward(G + at, X + at, Y + at); break;
                    default: LogarithmBackward(G + at, X + at, Y + at); break;
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Forward(T* x, T* y)
        {
            Vector<T> shift = Maximum(x), sum = Vector<T>.Zero;
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Length - lanes; i += lanes)
            {
                var power = Simd.Exp(Vector.Load(x + i) - shift);
                sum += power;
                power.Store(y + i);
            }
            if (i < Length)
            {
                // Lanes beyond the row hold e^-∞ = 0.
                var power = Simd.Exp(Tail.Load(x + i, Length - i, Lowest) - shift);
                sum += power;
                Tail.Store(power, y + i, Length - i);
            }
            var share = Vector<T>.One / Vector.Create(Vector.Sum(sum));
            for (i = 0; i <= Length - lanes; i += lanes) (Vector.Load(y + i) * share).Store(y + i);
            if (i < Length) Tail.Store(Tail.Load(y + i, Length - i) * share, y + i, Length - i);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Logarithm(T* x, T* y)
        {
            Vector<T> shift = Maximum(x), sum = Vector<T>.Zero;
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Length - lanes; i += lanes) sum += Simd.Exp(Vector.Load(x + i) - shift);
            if (i < Length) sum += Simd.Exp(Tail.Load(x + i, Length - i, Lowest) - shift);
            var logarithm = Simd.Log(Vector.Create(Vector.Sum(sum)));
            for (i = 0; i <= Length - lanes; i += lanes) (Vector.Load(x + i) - shift - logarithm).Store(y + i);
            if (i < Length) Tail.Store(Tail.Load(x + i, Length - i) - shift - logarithm, y + i, Length - i);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Backward(T* g, T* y, T* dx)
        {
            var sum = Vector<T>.Zero;
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Length - lanes; i += lanes) sum += Vector.Load(g + i) * Vector.Load(y + i);
            if (i < Length) sum += Tail.Load(g + i, Length - i) * Tail.Load(y + i, Length - i);
            var total = Vector.Create(Vector.Sum(sum));
            for (i = 0; i <= Length - lanes; i += lanes) (Vector.Load(y + i) * (Vector.Load(g + i) - total)).Store(dx + i);
            if (i < Length) Tail.Store(Tail.Load(y + i, Length - i) * (Tail.Load(g + i, Length - i) - total), dx + i, Length - i);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void LogarithmBackward(T* g, T* y, T* dx)
        {
            var sum = Vector<T>.Zero;
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Length - lanes; i += lanes) sum += Vector.Load(g + i);
            if (i < Length) sum += Tail.Load(g + i, Length - i);
            var total = Vector.Create(Vector.Sum(sum));
            for (i = 0; i <= Length - lanes; i += lanes) (Vector.Load(g + i) - Simd.Exp(Vector.Load(y + i)) * total).Store(dx + i);
            if (i < Length) Tail.Store(Tail.Load(g + i, Length - i) - Simd.Exp(Tail.Load(y + i, Length - i)) * total, dx + i, Length - i);
        }

        /// <summary>The largest element of the row, in every lane; NaN if there is one.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly Vector<T> Maximum(T* x)
        {
            Vector<T> highest = Lowest, b = highest, c = highest, d = highest;
            int i = 0, lanes = Vector<T>.Count;
            for (; i <= Length - 4 * lanes; i += 4 * lanes)
            {
                highest = Vector.Max(highest, Vector.Load(x + i));
                b = Vector.Max(b, Vector.Load(x + i + lanes));
                c = Vector.Max(c, Vector.Load(x + i + 2 * lanes));
                d = Vector.Max(d, Vector.Load(x + i + 3 * lanes));
            }
            highest = Vector.Max(Vector.Max(highest, b), Vector.Max(c, d));
            for (; i <= Length - lanes; i += lanes) highest = Vector.Max(highest, Vector.Load(x + i));
            if (i < Length) highest = Vector.Max(highest, Tail.Load(x + i, Length - i, Lowest));
            return Highest(highest);
        }

        // A method of its own: picking lanes by number keeps a vector in memory, and the search above would go through the stack.
        [MethodImpl(Kernel.Loop)]
        private static Vector<T> Highest(Vector<T> x)
        {
            var result = Vector.Create(x[0]);
            for (int lane = 1; lane < Vector<T>.Count; lane++) result = Vector.Max(result, Vector.Create(x[lane]));
            return result;
        }

        private static Vector<T> Lowest => Simd.Constant<T>(double.NegativeInfinity);
    }
}
