using System.Numerics;
using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Matrix times vector, where every value of the matrix is read once and packing could only lose.</summary>
/// <remarks>The order of each sum depends on the lengths alone, never on which thread or group of rows computes it.</remarks>
internal static unsafe class VectorProduct<T, V, L>
    where T : unmanaged, INumberBase<T>
    where V : struct
    where L : ILanes<T, V>
{
    // Multiply-adds worth a thread of their own; these loops wait for memory, so fewer than in the blocked product.
    private const int WorkPerThread = 1 << 15;

    private static int Grain(int length) => Math.Max(1, WorkPerThread / length);

    /// <summary>y[i * stepY] (+)= sum over p of matrix[i * row + p] x[p * stepX]: rows contiguous, one dot product each.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Dots(int rows, int length, T* matrix, nint row, T* x, nint stepX, T* y, nint stepY, bool accumulate)
    {
        if (stepX != 1 && length > 1)
        {
            T* packed = (T*)Scratch.Take((nint)length * sizeof(T));
            for (int p = 0; p < length; p++) { packed[p] = x[p * stepX]; }
            x = packed;
        }
        var body = new DotBody { Length = length, Matrix = matrix, Row = row, X = x, Y = y, StepY = stepY, Accumulate = accumulate };
        WorkerPool.For(rows, Grain(length), 4, ref body);
    }

    /// <summary>y[j] (+)= sum over p of x[p * stepX] matrix[p * row + j]: a weighted sum of contiguous rows.</summary>
    internal static void Combine(int columns, int length, T* matrix, nint row, T* x, nint stepX, T* y, bool accumulate)
    {
        var body = new CombineBody { Length = length, Matrix = matrix, Row = row, X = x, StepX = stepX, Y = y, Accumulate = accumulate };
        int chunks = Chunks(columns, length);
        if (chunks == 1)
        {
            WorkerPool.For(columns, Grain(length), 8 * L.Count, ref body);
            return;
        }
        T* partial = (T*)Scratch.Take((nint)chunks * columns * sizeof(T));
        body.Y = partial;
        body.Accumulate = false;
        var chunked = new ChunkBody { Whole = body, Columns = columns, Chunks = chunks };
        WorkerPool.For(chunks, 1, ref chunked);
        SumChunks(columns, chunks, partial, y, accumulate);
    }

    /// <summary>
    /// Cutting short rows across threads leaves each with half of every row, which defeats the prefetcher (twice as slow at 784 x 256);
    /// whole rows are shared out instead, in a number of chunks that the shape alone decides.
    /// </summary>
    private static int Chunks(int columns, int length)
    {
        const int ShortRow = 2048, ShortestChunk = 32, MostChunks = 32;
        if (columns > ShortRow) { return 1; }
        long chunks = Math.Min((long)columns * length / WorkPerThread, length / ShortestChunk);
        // Even, so that two threads get the same share.
        return (int)Math.Clamp(chunks & ~1L, 1, MostChunks);
    }

    [MethodImpl(Kernel.Loop)]
    private static void SumChunks(int columns, int chunks, T* partial, T* y, bool accumulate)
    {
        for (int j = 0; j < columns;)
        {
            bool whole = j <= columns - L.Count;
            if (whole)
            {
                V sum = L.Load(partial + j);
                for (int chunk = 1; chunk < chunks; chunk++) { sum = L.Add(sum, L.Load(partial + (nint)chunk * columns + j)); }
                L.Store(accumulate ? L.Add(L.Load(y + j), sum) : sum, y + j);
            }
            else
            {
                T sum = partial[j];
                for (int chunk = 1; chunk < chunks; chunk++) { sum += partial[(nint)chunk * columns + j]; }
                y[j] = accumulate ? y[j] + sum : sum;
            }
            j += whole ? L.Count : 1;
        }
    }

    private struct ChunkBody : IRangeBody
    {
        internal CombineBody Whole;
        internal int Columns, Chunks;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            for (int chunk = start; chunk < end; chunk++)
            {
                int first = WorkerPool.Boundary(Whole.Length, 1, chunk, Chunks), last = WorkerPool.Boundary(Whole.Length, 1, chunk + 1, Chunks);
                CombineBody body = Whole;
                body.Length = last - first;
                body.Matrix += first * body.Row;
                body.X += first * body.StepX;
                body.Y += (nint)chunk * Columns;
                body.Invoke(0, Columns);
            }
        }
    }

    private struct DotBody : IRangeBody
    {
        internal int Length;
        internal T* Matrix, X, Y;
        internal nint Row, StepY;
        internal bool Accumulate;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int i = start;
            for (; i <= end - 4; i += 4) { Four(i); }
            for (; i < end; i++)
            {
                T* a = Matrix + i * Row;
                V even = default, odd = default;
                int p = 0;
                for (; p <= Length - 2 * L.Count; p += 2 * L.Count)
                {
                    even = L.MultiplyAdd(L.Load(a + p), L.Load(X + p), even);
                    odd = L.MultiplyAdd(L.Load(a + p + L.Count), L.Load(X + p + L.Count), odd);
                }
                Finish(i, even, odd, p);
            }
        }

        // Four rows at once: eight independent chains hide the latency of the adds, and x is read once for the four.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Four(int i)
        {
            T* x = X, a0 = Matrix + i * Row, a1 = a0 + Row, a2 = a1 + Row, a3 = a2 + Row;
            V even0 = default, odd0 = default, even1 = default, odd1 = default;
            V even2 = default, odd2 = default, even3 = default, odd3 = default;
            int p = 0;
            for (; p <= Length - 2 * L.Count; p += 2 * L.Count)
            {
                V left = L.Load(x + p), right = L.Load(x + p + L.Count);
                even0 = L.MultiplyAdd(L.Load(a0 + p), left, even0);
                odd0 = L.MultiplyAdd(L.Load(a0 + p + L.Count), right, odd0);
                even1 = L.MultiplyAdd(L.Load(a1 + p), left, even1);
                odd1 = L.MultiplyAdd(L.Load(a1 + p + L.Count), right, odd1);
                even2 = L.MultiplyAdd(L.Load(a2 + p), left, even2);
                odd2 = L.MultiplyAdd(L.Load(a2 + p + L.Count), right, odd2);
                even3 = L.MultiplyAdd(L.Load(a3 + p), left, even3);
                odd3 = L.MultiplyAdd(L.Load(a3 + p + L.Count), right, odd3);
            }
            Finish(i, even0, odd0, p);
            Finish(i + 1, even1, odd1, p);
            Finish(i + 2, even2, odd2, p);
            Finish(i + 3, even3, odd3, p);
        }

        // The last partial pair of vectors, then the tail one by one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Finish(int i, V even, V odd, int p)
        {
            T* a = Matrix + i * Row;
            if (p <= Length - L.Count)
            {
                even = L.MultiplyAdd(L.Load(a + p), L.Load(X + p), even);
                p += L.Count;
            }
            T sum = L.Sum(L.Add(even, odd));
            for (; p < Length; p++) { sum = T.MultiplyAddEstimate(a[p], X[p], sum); }
            T* y = Y + i * StepY;
            *y = Accumulate ? *y + sum : sum;
        }
    }

    private struct CombineBody : IRangeBody
    {
        internal int Length;
        internal T* Matrix, X, Y;
        internal nint Row, StepX;
        internal bool Accumulate;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            int j = start;
            for (; j <= end - 8 * L.Count; j += 8 * L.Count) { Eight(j); }
            for (; j <= end - L.Count; j += L.Count)
            {
                T* a = Matrix + j;
                V sum = default;
                for (nint p = 0; p < Length; p++, a += Row) { sum = L.MultiplyAdd(L.Broadcast(X + p * StepX), L.Load(a), sum); }
                Store(Y + j, sum);
            }
            for (; j < end; j++)
            {
                T* a = Matrix + j;
                T sum = default;
                for (nint p = 0; p < Length; p++, a += Row) { sum = T.MultiplyAddEstimate(X[p * StepX], *a, sum); }
                Y[j] = Accumulate ? Y[j] + sum : sum;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Eight(int j)
        {
            T* a = Matrix + j, x = X;
            V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (int p = 0; p < Length; p++, a += Row, x += StepX)
            {
                V weight = L.Broadcast(x);
                s0 = L.MultiplyAdd(weight, L.Load(a), s0);
                s1 = L.MultiplyAdd(weight, L.Load(a + L.Count), s1);
                s2 = L.MultiplyAdd(weight, L.Load(a + 2 * L.Count), s2);
                s3 = L.MultiplyAdd(weight, L.Load(a + 3 * L.Count), s3);
                s4 = L.MultiplyAdd(weight, L.Load(a + 4 * L.Count), s4);
                s5 = L.MultiplyAdd(weight, L.Load(a + 5 * L.Count), s5);
                s6 = L.MultiplyAdd(weight, L.Load(a + 6 * L.Count), s6);
                s7 = L.MultiplyAdd(weight, L.Load(a + 7 * L.Count), s7);
            }
            T* y = Y + j;
            Store(y, s0);
            Store(y + L.Count, s1);
            Store(y + 2 * L.Count, s2);
            Store(y + 3 * L.Count, s3);
            Store(y + 4 * L.Count, s4);
            Store(y + 5 * L.Count, s5);
            Store(y + 6 * L.Count, s6);
            Store(y + 7 * L.Count, s7);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Store(T* y, V sum) => L.Store(Accumulate ? L.Add(L.Load(y), sum) : sum, y);
    }
}
