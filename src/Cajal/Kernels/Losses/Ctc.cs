using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Connectionist temporal classification: -ln of the summed probability of all paths that read as the labels (Graves et al. 2006, equations 5 to 10), by the
/// forward-backward algorithm on logarithms. Sums are in double precision whatever the dtype.
/// </summary>
internal static unsafe class Ctc
{
    /// <summary>
    /// logs [T, N, K] → losses [N] and, unless it is empty, gradient [T, N, K] of each sample's loss by its own log-probabilities, taken as free variables:
    /// minus the probability that a path is at class k at step t.
    /// </summary>
    internal static void Run<T>(CtcProblem problem, ReadOnlySpan<T> logs, Span<T> losses, Span<T> gradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pLogs = logs, pLosses = losses, pGradient = gradient)
        {
            var body = new Body<T> { Problem = problem, Logs = pLogs, Losses = pLosses, Gradient = pGradient };
            // A step of a state costs a few exponentials, some hundred times an addition.
            long work = 256L * problem.Steps * Math.Max(1, problem.Labels.Length / Math.Max(1, problem.Samples));
            if (work * problem.Samples < Unary.Grain) body.Invoke(0, problem.Samples);
            else WorkerPool.For(problem.Samples, 1, ref body);
        }
    }

    private struct Body<T> : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal CtcProblem Problem;
        internal T* Logs, Losses, Gradient;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int sample = start; sample < end; sample++) One(sample);
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void One(int sample)
        {
            int states = 2 * Problem.Lengths[sample] + 1, steps = Problem.InputLengths[sample];
            double[] scratch = ArrayPool<double>.Shared.Rent(states * (steps + 2) + Problem.Classes);
            var forward = scratch.AsSpan(0, states * steps);
            double total = steps == 0 ? (states == 1 ? 0 : double.NegativeInfinity) : Forward(sample, states, steps, forward);
            bool dropped = Problem.ZeroInfinity && double.IsNegativeInfinity(total);
            Losses[sample] = T.CreateTruncating(dropped ? 0 : -total);
            if (Gradient is not null)
            {
                for (int step = dropped ? 0 : steps; step < Problem.Steps; step++) Row(Gradient, step, sample).Clear();
                if (!dropped) Backward(sample, states, steps, total, forward, scratch.AsSpan(states * steps));
            }
            ArrayPool<double>.Shared.Return(scratch);
        }

        private readonly Span<T> Row(T* values, int step, int sample) => new(values + ((nint)step * Problem.Samples + sample) * Problem.Classes, Problem.Classes);

        private readonly double Emission(int step, int sample, int state) => double.CreateTruncating(Row(Logs, step, sample)[Problem.ClassOf(sample, state)]);

        /// <summary>
        /// ln of the probability of all path beginnings that end in each state at each step, that step included, [steps, states]. Returns ln of the
        /// probability of the whole.
        /// </summary>
        private readonly double Forward(int sample, int states, int steps, Span<double> alpha)
        {
            alpha[..states].Fill(double.NegativeInfinity);
            for (int state = 0; state < Math.Min(2, states); state++) alpha[state] = Emission(0, sample, state);
            for (int step = 1; step < steps; step++)
            {
                Span<double> before = alpha.Slice((step - 1) * states, states), now = alpha.Slice(step * states, states);
                for (int state = 0; state < states; state++)
                {
                    double sum = LogSum(before[state], state > 0 ? before[state - 1] : double.NegativeInfinity,
                        Problem.MaySkipTo(sample, state) ? before[state - 2] : double.NegativeInfinity);
                    now[state] = sum + Emission(step, sample, state);
                }
            }
            var last = alpha.Slice((steps - 1) * states, states);
            return LogSum(last[^1], states > 1 ? last[^2] : double.NegativeInfinity, double.NegativeInfinity);
        }

        /// <summary>
        /// Goes back with ln of the probability of all path ends that follow each state, that step not included, and joins both into the gradient.
        /// </summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Backward(int sample, int states, int steps, double total, ReadOnlySpan<double> alpha, Span<double> scratch)
        {
            Span<double> beta = scratch[..states], later = scratch.Slice(states, states), row = scratch.Slice(2 * states, Problem.Classes);
            for (int step = steps - 1; step >= 0; step--)
            {
                for (int state = 0; state < states; state++)
                {
                    if (step == steps - 1) beta[state] = state >= states - 2 ? 0 : double.NegativeInfinity;
                    else beta[state] = LogSum(later[state], state + 1 < states ? later[state + 1] : double.NegativeInfinity,
                        state + 2 < states && Problem.MaySkipTo(sample, state + 2) ? later[state + 2] : double.NegativeInfinity);
                }
                row.Clear();
                for (int state = 0; state < states; state++)
                {
                    row[Problem.ClassOf(sample, state)] -= Math.Exp(alpha[step * states + state] + beta[state] - total);
                    later[state] = beta[state] + Emission(step, sample, state);
                }
                var target = Row(Gradient, step, sample);
                for (int k = 0; k < target.Length; k++) target[k] = T.CreateTruncating(row[k]);
            }
        }

        private static double LogSum(double a, double b, double c)
        {
            double largest = Math.Max(a, Math.Max(b, c));
            return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(Math.Exp(a - largest) + Math.Exp(b - largest) + Math.Exp(c - largest));
        }
    }
}
