using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Applies an <see cref="AxisMap"/> to the middle axis of [outer, length, inner].</summary>
internal static unsafe class MapAxis<T> where T : unmanaged, INumber<T>
{
    /// <summary>x [outer, inputs, inner] → y [outer, outputs, inner]; y must not overlap x.</summary>
    internal static void Run(ReadOnlySpan<T> x, Span<T> y, AxisMap map, int outer, int inner)
    {
        if (y.Length == 0) return;
        var weights = new T[map.Weights.Length];
        for (int i = 0; i < weights.Length; i++) weights[i] = T.CreateTruncating(map.Weights[i]);
        fixed (T* px = x, py = y, w = weights)
        fixed (int* starts = map.Starts, columns = map.Columns)
        {
            var body = new Body { X = px, Y = py, Weights = w, Starts = starts, Columns = columns, Inputs = map.Inputs, Outputs = map.Outputs, Inner = inner };
            long work = (long)outer * weights.Length * inner;
            if (work < Unary.Grain) body.Invoke(0, outer * map.Outputs);
            else WorkerPool.For(outer * map.Outputs, (int)Math.Max(1, Unary.Grain / 2 * (long)outer * map.Outputs / work), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal T* X, Y, Weights;
        internal int* Starts, Columns;
        internal int Inputs, Outputs, Inner;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int plane = start / Outputs, j = start % Outputs;
            for (int row = start; row < end; row++)
            {
                T* x = X + (nint)plane * Inputs * Inner;
                T* y = Y + (nint)row * Inner;
                if (Inner == 1)
                {
                    var sum = T.Zero;
                    for (int tap = Starts[j]; tap < Starts[j + 1]; tap++) sum += Weights[tap] * x[Columns[tap]];
                    *y = sum;
                }
                else Rows(x, y, j);
                if (++j == Outputs) (j, plane) = (0, plane + 1);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Rows(T* x, T* y, int j)
        {
            new Span<T>(y, Inner).Clear();
            int lanes = Vector<T>.Count;
            for (int tap = Starts[j]; tap < Starts[j + 1]; tap++)
            {
                T* source = x + (nint)Columns[tap] * Inner;
                T weight = Weights[tap];
                var spread = new Vector<T>(weight);
                int i = 0;
                // A product and a sum, each rounded, in the vector as in the tail.
                for (; i <= Inner - lanes; i += lanes) (Vector.Load(y + i) + spread * Vector.Load(source + i)).Store(y + i);
                for (; i < Inner; i++) y[i] += weight * source[i];
            }
        }
    }
}
