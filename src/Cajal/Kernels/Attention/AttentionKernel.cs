using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>
/// Attention a block of queries at a time: scores of the block with all keys they can see, softmax, product with the values. The matrix of all weights is
/// never there; going back, the weights are computed again from the saved logarithms of the sums (as in Dao et al. 2022).
/// </summary>
internal static unsafe class AttentionKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Below this many multiply-adds another thread costs more than it brings.</summary>
    private const long WorkPerThread = 1 << 16;

    /// <summary>So few rows are multiplied as vectors, without packing the other side.</summary>
    private const int FewRows = 3;

    internal static void Forward(in AttentionProblem<T> problem)
    {
        int blocks = Blocks(in problem);
        var body = new Body { P = problem };
        Run(problem.Heads * blocks, Work(in problem) / Math.Max(1, blocks), ref body);
    }

    /// <summary>Heads are independent; within one, blocks of queries add to the gradients of keys and values in turn.</summary>
    internal static void Backward(in AttentionProblem<T> problem)
    {
        var body = new Body { P = problem, IsBackward = true };
        Run(problem.Heads, 3 * Work(in problem), ref body);
    }

    private static void Run(int items, long work, ref Body body)
    {
        if (items > 1) WorkerPool.For(items, (int)Math.Clamp(WorkPerThread / Math.Max(1, work), 1, int.MaxValue / 2), ref body);
        else if (items == 1)
        {
            // A single head leaves the threads to the products inside.
            body.IsAlone = true;
            body.Invoke(0, 1);
        }
    }

    private static int Blocks(in AttentionProblem<T> p) => (p.Queries + p.BlockRows - 1) / p.BlockRows;

    private static long Work(in AttentionProblem<T> p) => (long)p.Queries * p.Keys * (p.Width + p.ValueWidth + 16);

    private struct Body : IRangeBody
    {
        internal AttentionProblem<T> P;
        internal bool IsBackward, IsAlone;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            if (IsBackward)
            {
                for (int head = start; head < end; head++) Backward(head);
                return;
            }
            int blocks = Blocks(in P);
            for (int item = start; item < end; item++)
            {
                int first = item % blocks * P.BlockRows;
                Forward(item / blocks, first, Math.Min(P.BlockRows, P.Queries - first));
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Forward(int head, int first, int rows)
        {
            int columns = Columns(first, rows), wide = Wide(columns);
            T* scores = (T*)Scratch.TakeOuter((nint)(rows + 1) * wide * sizeof(T) + (nint)wide * sizeof(float)), keep = scores + (nint)rows * wide;
            T* shares = stackalloc T[rows];
            Multiply(rows, columns, P.Width, Row(P.Query, head, first), P.Query.Row, 1, P.Key[head], 1, P.Key.Row, scores, wide, add: false);
            for (int i = 0; i < rows; i++)
            {
                int query = first + i, visible = Visible(query, columns);
                T* row = scores + (nint)i * wide;
                var total = Powers(row, MaskOf(head, query), visible, wide, out var logSum);
                P.LogSums[(nint)head * P.Queries + query] = logSum;
                // A row that sees nothing has weights of 0; NaN stays NaN.
                shares[i] = total == T.Zero ? T.Zero : T.One / total;
                if (P.Drop <= 0) continue;
                Keep(head, query, visible, wide, keep);
                for (int j = 0; j < visible; j += Vector<T>.Count) (Vector.Load(row + j) * Vector.Load(keep + j)).Store(row + j);
            }
            T* output = Row(P.Output, head, first);
            Multiply(rows, P.ValueWidth, columns, scores, wide, 1, P.Value[head], P.Value.Row, 1, output, P.Output.Row, add: false);
            for (int i = 0; i < rows; i++, output += P.Output.Row)
            {
                var share = Vector.Create(shares[i]);
                for (int j = 0; j < P.ValueWidth; j += Vector<T>.Count) VectorPart.Store(VectorPart.Load(output + j, P.ValueWidth - j) * share, output + j, P.ValueWidth - j);
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Backward(int head)
        {
            if (P.KeySlope.IsPresent) Clear(P.KeySlope, head, P.Width);
            if (P.ValueSlope.IsPresent) Clear(P.ValueSlope, head, P.ValueWidth);
            for (int first = 0; first < P.Queries; first += P.BlockRows)
            {
                int rows = Math.Min(P.BlockRows, P.Queries - first), columns = Columns(first, rows), wide = Wide(columns);
                T* weights = (T*)Scratch.TakeOuter((nint)(2 * rows + 1) * wide * sizeof(T) + (nint)wide * sizeof(float));
                T* slopes = weights + (nint)rows * wide, keep = slopes + (nint)rows * wide;
                T* q = Row(P.Query, head, first), g = Row(P.Upstream, head, first), y = Row(P.Output, head, first);
                Multiply(rows, columns, P.Width, q, P.Query.Row, 1, P.Key[head], 1, P.Key.Row, weights, wide, add: false);
                Multiply(rows, columns, P.ValueWidth, g, P.Upstream.Row, 1, P.Value[head], 1, P.Value.Row, slopes, wide, add: false);
                for (int i = 0; i < rows; i++)
                {
                    var mean = Dot(g + (nint)i * P.Upstream.Row, y + (nint)i * P.Output.Row, P.ValueWidth);
                    Slopes(head, first + i, columns, wide, mean, weights + (nint)i * wide, slopes + (nint)i * wide, keep);
                }
                if (P.ValueSlope.IsPresent)
                    Multiply(columns, P.ValueWidth, rows, weights, 1, wide, g, P.Upstream.Row, 1, P.ValueSlope[head], P.ValueSlope.Row, add: true);
                if (P.QuerySlope.IsPresent)
                    Multiply(rows, P.Width, columns, slopes, wide, 1, P.Key[head], P.Key.Row, 1, Row(P.QuerySlope, head, first), P.QuerySlope.Row, add: false);
                if (P.KeySlope.IsPresent)
                    Multiply(columns, P.Width, rows, slopes, 1, wide, q, P.Query.Row, 1, P.KeySlope[head], P.KeySlope.Row, add: true);
            }
        }

        // A method of its own: picking lanes by number keeps a vector in memory, and the search for it would go through the stack.
        [MethodImpl(Kernel.Loop)]
        private static T Largest(Vector<T> x)
        {
            var largest = x[0];
            for (int lane = 1; lane < Vector<T>.Count; lane++) largest = T.Max(largest, x[lane]);
            return largest;
        }

        /// <summary>Turns the products of a query with its keys into e^(score - highest score); returns their sum, and the logarithm of the unshifted sum.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly T Powers(T* row, T* mask, int visible, int wide, out T logSum)
        {
            var lowest = Vector.Create(T.NegativeInfinity);
            var highest = lowest;
            for (int j = 0; j < visible; j += Vector<T>.Count)
            {
                var score = Score(row, mask, j, visible);
                if (visible - j < Vector<T>.Count) score = Vector.ConditionalSelect(Before(visible - j), score, lowest);
                highest = Vector.Max(highest, score);
                score.Store(row + j);
            }
            var shift = Largest(highest);
            if (shift == T.NegativeInfinity)
            {
                new Span<T>(row, wide).Clear();
                logSum = T.PositiveInfinity;
                return T.Zero;
            }
            Vector<T> sum = Vector<T>.Zero, shifts = Vector.Create(shift);
            int end = 0;
            for (; end < visible; end += Vector<T>.Count)
            {
                var power = Simd.Exp(Vector.Load(row + end) - shifts);
                sum += power;
                power.Store(row + end);
            }
            if (end < wide) new Span<T>(row + end, wide - end).Clear();
            var total = Vector.Sum(sum);
            logSum = shift + T.Log(total);
            return total;
        }

        /// <summary>
        /// One row going back. On entry <paramref name="weights"/> holds products of query and keys, <paramref name="slopes"/> those of upstream and values; on return
        /// the weights after dropout, and the gradients of the products of query and keys.
        /// </summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Slopes(int head, int query, int columns, int wide, T mean, T* weights, T* slopes, T* keep)
        {
            int visible = Visible(query, columns), end = 0;
            T* mask = MaskOf(head, query), maskSlope = P.MaskSlope == null ? null : P.MaskSlope + ((nint)head * P.Queries + query) * P.Keys;
            var logSum = Vector.Create(P.LogSums[(nint)head * P.Queries + query]);
            Vector<T> means = Vector.Create(mean), scale = Simd.Constant<T>(P.Scale);
            if (P.Drop > 0) Keep(head, query, visible, wide, keep);
            for (; end < visible; end += Vector<T>.Count)
            {
                var weight = Simd.Exp(Score(weights, mask, end, visible) - logSum);
                var kept = P.Drop > 0 ? Vector.Load(keep + end) : Vector<T>.One;
                var slope = weight * (Vector.Load(slopes + end) * kept - means);
                weight *= kept;
                if (visible - end < Vector<T>.Count)
                {
                    weight = Vector.ConditionalSelect(Before(visible - end), weight, Vector<T>.Zero);
                    slope = Vector.ConditionalSelect(Before(visible - end), slope, Vector<T>.Zero);
                }
                weight.Store(weights + end);
                (slope * scale).Store(slopes + end);
                if (maskSlope != null) VectorPart.Store(slope, maskSlope + end, visible - end);
            }
            if (end < wide)
            {
                new Span<T>(weights + end, wide - end).Clear();
                new Span<T>(slopes + end, wide - end).Clear();
            }
            if (maskSlope != null) new Span<T>(maskSlope + visible, P.Keys - visible).Clear();
        }

        private readonly Vector<T> Score(T* row, T* mask, int at, int visible)
        {
            var score = Vector.Load(row + at) * Simd.Constant<T>(P.Scale);
            return mask == null ? score : score + (P.MaskColumn == 0 ? Vector.Create(*mask) : VectorPart.Load(mask + at, visible - at));
        }

        /// <summary>What dropout multiplies a row's weights by: 0, or the reciprocal of the share that stays.</summary>
        [MethodImpl(Kernel.Loop)]
        private readonly void Keep(int head, int query, int visible, int wide, T* keep)
        {
            float* draws = (float*)(keep + wide);
            var at = P.Random with { Position = P.Random.Position + ((ulong)head * (ulong)P.Queries + (ulong)query) * (ulong)P.Keys };
            RandomFill.Bernoulli(at, new Span<float>(draws, visible), 1 - P.Drop);
            var scale = T.CreateTruncating(1 / (1 - P.Drop));
            for (int j = 0; j < visible; j++) keep[j] = draws[j] > 0 ? scale : T.Zero;
            // Weights are multiplied by whole vectors, and 0 times what lay in the scratch memory may be NaN.
            new Span<T>(keep + visible, wide - visible).Clear();
        }

        private readonly int Columns(int first, int rows) => P.Causal ? Math.Min(P.Keys, first + rows) : P.Keys;

        private readonly int Visible(int query, int columns) => P.Causal ? Math.Min(columns, query + 1) : columns;

        private readonly T* MaskOf(int head, int query) => P.Mask.IsPresent ? P.Mask[head] + (nint)query * P.Mask.Row : null;

        [MethodImpl(Kernel.Loop)]
        private readonly void Clear(in HeadMatrices<T> matrices, int head, int width)
        {
            for (int i = 0; i < P.Keys; i++) new Span<T>(matrices[head] + (nint)i * matrices.Row, width).Clear();
        }

        private readonly void Multiply(int m, int n, int k, T* a, nint rowA, nint colA, T* b, nint rowB, nint colB, T* c, nint rowC, bool add)
        {
            if (IsAlone || m <= FewRows || n == 1 || k == 0)
            {
                Gemm.Multiply(m, n, k, a, rowA, colA, b, rowB, colB, c, rowC, add);
                return;
            }
            var product = new Product<T> { M = m, N = n, K = k, A = a, RowA = rowA, ColA = colA, B = b, RowB = rowB, ColB = colB, C = c, RowC = rowC, Accumulate = add };
            if (n == 0) return;
            if (Vector512.IsHardwareAccelerated) BlockedProduct<T, Vector512<T>, Lanes512<T>>.RunRectangle(ref product);
            else if (Vector256.IsHardwareAccelerated) BlockedProduct<T, Vector256<T>, Lanes256<T>>.RunRectangle(ref product);
            else if (Vector128.IsHardwareAccelerated) BlockedProduct<T, Vector128<T>, Lanes128<T>>.RunRectangle(ref product);
            else BlockedProduct<T, T, Lanes1<T>>.RunRectangle(ref product);
        }
    }

    private static T* Row(in HeadMatrices<T> matrices, int head, int row) => matrices[head] + (nint)row * matrices.Row;

    /// <summary>Columns rounded up to whole vectors.</summary>
    private static int Wide(int columns) => (columns + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

    /// <summary>Set in the first <paramref name="count"/> lanes.</summary>
    private static Vector<T> Before(int count) => Vector.LessThan<T>(Vector<T>.Indices, Vector.Create(T.CreateTruncating(count)));

    [MethodImpl(Kernel.Loop)]
    private static T Dot(T* x, T* y, int count)
    {
        var sum = Vector<T>.Zero;
        for (int j = 0; j < count; j += Vector<T>.Count) sum += VectorPart.Load(x + j, count - j) * VectorPart.Load(y + j, count - j);
        return Vector.Sum(sum);
    }
}
