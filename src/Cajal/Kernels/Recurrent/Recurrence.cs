using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Runs a cell along a sequence and back. Rows of the batch do not see each other, so each thread takes some rows through the whole sequence without
/// ever waiting for another; a row's bits do not depend on which rows go with it.
/// </summary>
internal static unsafe class Recurrence<T, TCell>
    where T : unmanaged, INumberBase<T>
    where TCell : struct, IRecurrentCell
{
    /// <summary>Rows taken through the sequence together: a multiple of every tile's height, few enough for their gates to stay in L2.</summary>
    private const int RowsAtOnce = 48;

    /// <summary>Below this many multiply-adds per thread another one costs more than it brings.</summary>
    private const long WorkPerThread = 1 << 16;

    /// <summary>A vector of transcendental functions costs about as much as so many multiply-adds per element.</summary>
    private const int PointwiseWork = 16;

    internal static void Forward(in RecurrentProblem<T> problem) => Run(new Body { P = problem });

    internal static void Backward(in RecurrentProblem<T> problem) => Run(new Body { P = problem, IsBackward = true });

    private static void Run(Body body)
    {
        ref readonly var p = ref body.P;
        long perRow = Math.Max(1, (long)p.Steps * TCell.Gates * p.Hidden * (p.Hidden + PointwiseWork));
        WorkerPool.For(p.Batch, (int)Math.Clamp(WorkPerThread / perRow, 1, int.MaxValue / 2), 4, ref body);
    }

    private struct Body : IRangeBody
    {
        internal RecurrentProblem<T> P;
        internal bool IsBackward;

        private readonly nint Plane => (nint)P.Batch * P.Hidden;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int row = start; row < end; row += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, end - row);
                if (IsBackward) Backward(row, count);
                else Forward(row, count);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Forward(int first, int count)
        {
            int padded = StepProduct<T>.Padded(TCell.Gates * P.Hidden);
            T* products = (T*)Scratch.Take((nint)count * padded * sizeof(T));
            for (int step = 0; step < P.Steps; step++)
            {
                int time = P.Reverse ? P.Steps - 1 - step : step;
                P.Weight.Run(count, Before(P.Initial, P.Output, step, time) + (nint)first * P.Hidden, P.Hidden, products, padded, add: false);
                for (int i = 0; i < count; i++)
                {
                    var row = new CellForward<T> { Hidden = P.Hidden, Product = products + (nint)i * padded, Bias = P.Bias };
                    nint at = (nint)(first + i) * P.Hidden;
                    row.Previous = Before(P.Initial, P.Output, step, time) + at;
                    row.Output = P.Output + time * Plane + at;
                    row.Kept = P.Kept + (time * Plane + at) * TCell.Kept;
                    if (TCell.HasCell)
                    {
                        row.PreviousCell = Before(P.InitialCell, P.Cells, step, time) + at;
                        row.Cell = P.Cells + time * Plane + at;
                    }
                    if (P.Lengths != null && time >= P.Lengths[first + i])
                    {
                        Copy(row.Previous, row.Output);
                        if (TCell.HasCell) Copy(row.PreviousCell, row.Cell);
                    }
                    else TCell.Forward(in row);
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Backward(int first, int count)
        {
            int padded = StepProduct<T>.Padded(P.Hidden), kept = TCell.Kept * P.Hidden, hiddenPart = (TCell.Kept - TCell.Gates) * P.Hidden;
            T* carry = (T*)Scratch.Take((nint)count * padded * sizeof(T));
            new Span<T>(carry, count * padded).Clear();
            for (int step = P.Steps - 1; step >= 0; step--)
            {
                int time = P.Reverse ? P.Steps - 1 - step : step;
                T* slopes = P.Slopes + (time * Plane + (nint)first * P.Hidden) * TCell.Kept;
                for (int i = 0; i < count; i++)
                {
                    var row = new CellBackward<T> { Hidden = P.Hidden, Carry = carry + (nint)i * padded, Slopes = slopes + (nint)i * kept };
                    nint at = (nint)(first + i) * P.Hidden;
                    row.Upstream = P.Upstream + time * Plane + at;
                    if (P.Lengths != null && time >= P.Lengths[first + i])
                    {
                        // The state was handed on as it was, and so is its gradient.
                        for (int j = 0; j < P.Hidden; j += Vector<T>.Count)
                        {
                            int left = P.Hidden - j;
                            VectorPart.Store(VectorPart.Load(row.Carry + j, left) + VectorPart.Load(row.Upstream + j, left), row.Carry + j, left);
                        }
                        new Span<T>(row.Slopes, kept).Clear();
                        continue;
                    }
                    row.Previous = Before(P.Initial, P.Output, step, time) + at;
                    row.Output = P.Output + time * Plane + at;
                    row.Kept = P.Kept + (time * Plane + at) * TCell.Kept;
                    if (TCell.HasCell)
                    {
                        row.PreviousCell = Before(P.InitialCell, P.Cells, step, time) + at;
                        row.Cell = P.Cells + time * Plane + at;
                        row.CellCarry = P.CellSlope + at;
                    }
                    TCell.Backward(in row);
                }
                P.Weight.Run(count, slopes + hiddenPart, kept, carry, padded, add: true);
            }
            for (int i = 0; i < count; i++) Copy(carry + (nint)i * padded, P.InitialSlope + (nint)(first + i) * P.Hidden);
        }

        /// <summary>The state that step number <paramref name="step"/>, at <paramref name="time"/>, starts from.</summary>
        private readonly T* Before(T* initial, T* states, int step, int time) => step == 0 ? initial : states + (P.Reverse ? time + 1 : time - 1) * Plane;

        private readonly void Copy(T* from, T* to) => new ReadOnlySpan<T>(from, P.Hidden).CopyTo(new Span<T>(to, P.Hidden));
    }
}
