using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The same as <see cref="DepthwiseStrip{T, V, L, TRows, TTaps}"/> with a stride of 2: of source rows and columns each second one.
/// </summary>
internal static unsafe class DepthwiseStride<T, V, L, TRows, TTaps>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TTaps : IConstant
{
    /// <summary>y[r, c] = bias + Σ w[i, j] source[2r + i, 2c + j] over filter rows i and columns j, a filter column at a time.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in DepthwiseRow<T> row, T* source, int from, int to, T* w, T* bias, T* y)
    {
        nint pitch = row.SourceWidth, rowY = row.Columns, taps = row.Taps;
        for (int c = 0; c < row.Columns; c += L.Count)
        {
            int at = Math.Min(c, row.Columns - L.Count);
            V s0 = L.Broadcast(bias), s1 = s0, s2 = s0, s3 = s0;
            T* mask = row.Masks + at;
            for (nint tap = 0; tap < taps; tap++, mask += row.Columns)
            {
                T* p = source + 2 * at + tap, f = w + tap;
                V inside = L.Load(mask), w0 = L.Broadcast(f), w1 = w0, w2 = w0, w3 = w0, w4 = w0, w5 = w0, w6 = w0;
                if (TTaps.Value > 1) { w1 = L.Broadcast(f += taps); }
                if (TTaps.Value > 2) { w2 = L.Broadcast(f += taps); }
                if (TTaps.Value > 3) { w3 = L.Broadcast(f += taps); }
                if (TTaps.Value > 4) { w4 = L.Broadcast(f += taps); }
                if (TTaps.Value > 5) { w5 = L.Broadcast(f += taps); }
                if (TTaps.Value > 6) { w6 = L.Broadcast(f += taps); }
                if (2 * TRows.Value + TTaps.Value > 2 && from <= 0 && to > 0)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s0 = L.MultiplyAdd(x, w0, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 3 && from <= 1 && to > 1)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s0 = Add(TTaps.Value > 1, x, w1, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 4 && from <= 2 && to > 2)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s1 = Add(TRows.Value > 1, x, w0, s1); s0 = Add(TTaps.Value > 2, x, w2, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 5 && from <= 3 && to > 3)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 1, x, w1, s1); s0 = Add(TTaps.Value > 3, x, w3, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 6 && from <= 4 && to > 4)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s2 = Add(TRows.Value > 2, x, w0, s2); s1 = Add(TRows.Value > 1 && TTaps.Value > 2, x, w2, s1);
                    s0 = Add(TTaps.Value > 4, x, w4, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 7 && from <= 5 && to > 5)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s2 = Add(TRows.Value > 2 && TTaps.Value > 1, x, w1, s2); s1 = Add(TRows.Value > 1 && TTaps.Value > 3, x, w3, s1);
                    s0 = Add(TTaps.Value > 5, x, w5, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 8 && from <= 6 && to > 6)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3, x, w0, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 2, x, w2, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 4, x, w4, s1); s0 = Add(TTaps.Value > 6, x, w6, s0);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 9 && from <= 7 && to > 7)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 1, x, w1, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 3, x, w3, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 5, x, w5, s1);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 10 && from <= 8 && to > 8)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 2, x, w2, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 4, x, w4, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 6, x, w6, s1);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 11 && from <= 9 && to > 9)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 3, x, w3, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 5, x, w5, s2);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 12 && from <= 10 && to > 10)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 4, x, w4, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 6, x, w6, s2);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 13 && from <= 11 && to > 11)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 5, x, w5, s3);
                }
                p += pitch;
                if (2 * TRows.Value + TTaps.Value > 14 && from <= 12 && to > 12)
                {
                    V x = Bits.And(Interleaving<T, V, L>.Even(p), inside);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 6, x, w6, s3);
                }
            }
            T* target = y + at;
            L.Store(s0, target);
            if (TRows.Value > 1) { L.Store(s1, target += rowY); }
            if (TRows.Value > 2) { L.Store(s2, target += rowY); }
            if (TRows.Value > 3) { L.Store(s3, target += rowY); }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(bool used, V x, V w, V sum) => used ? L.MultiplyAdd(x, w, sum) : sum;
}
