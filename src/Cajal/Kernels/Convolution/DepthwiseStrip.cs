using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The innermost kernel of a depthwise convolution: TRows result rows from the TRows + TTaps - 1 source rows below them, read where they lie. Each vector
/// of a source row is loaded once for each filter column and serves all filter rows.
/// </summary>
internal static unsafe class DepthwiseStrip<T, V, L, TRows, TTaps>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TTaps : IConstant
{
    /// <summary>y[r, c] = bias + Σ w[i, j] source[r + i, c + j] over filter rows i and columns j, a filter column at a time.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in DepthwiseRow<T> row, T* source, int from, int to, T* w, T* bias, T* y)
    {
        nint pitch = row.SourceWidth, rowY = row.Columns, taps = row.Taps;
        for (int c = 0; c < row.Columns; c += L.Count)
        {
            int at = Math.Min(c, row.Columns - L.Count);
            V s0 = L.Broadcast(bias), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            T* mask = row.Masks + at;
            for (nint tap = 0; tap < taps; tap++, mask += row.Columns)
            {
                T* p = source + at + tap, f = w + tap;
                V inside = L.Load(mask), w0 = L.Broadcast(f), w1 = w0, w2 = w0, w3 = w0, w4 = w0, w5 = w0, w6 = w0;
                if (TTaps.Value > 1) { w1 = L.Broadcast(f += taps); }
                if (TTaps.Value > 2) { w2 = L.Broadcast(f += taps); }
                if (TTaps.Value > 3) { w3 = L.Broadcast(f += taps); }
                if (TTaps.Value > 4) { w4 = L.Broadcast(f += taps); }
                if (TTaps.Value > 5) { w5 = L.Broadcast(f += taps); }
                if (TTaps.Value > 6) { w6 = L.Broadcast(f += taps); }
                if (TRows.Value + TTaps.Value > 1 && from <= 0 && to > 0)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s0 = L.MultiplyAdd(x, w0, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 2 && from <= 1 && to > 1)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s1 = Add(TRows.Value > 1, x, w0, s1); s0 = Add(TTaps.Value > 1, x, w1, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 3 && from <= 2 && to > 2)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s2 = Add(TRows.Value > 2, x, w0, s2); s1 = Add(TRows.Value > 1 && TTaps.Value > 1, x, w1, s1);
                    s0 = Add(TTaps.Value > 2, x, w2, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 4 && from <= 3 && to > 3)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s3 = Add(TRows.Value > 3, x, w0, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 1, x, w1, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 2, x, w2, s1); s0 = Add(TTaps.Value > 3, x, w3, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 5 && from <= 4 && to > 4)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s4 = Add(TRows.Value > 4, x, w0, s4); s3 = Add(TRows.Value > 3 && TTaps.Value > 1, x, w1, s3);
                    s2 = Add(TRows.Value > 2 && TTaps.Value > 2, x, w2, s2); s1 = Add(TRows.Value > 1 && TTaps.Value > 3, x, w3, s1);
                    s0 = Add(TTaps.Value > 4, x, w4, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 6 && from <= 5 && to > 5)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s5 = Add(TRows.Value > 5, x, w0, s5); s4 = Add(TRows.Value > 4 && TTaps.Value > 1, x, w1, s4);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 2, x, w2, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 3, x, w3, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 4, x, w4, s1); s0 = Add(TTaps.Value > 5, x, w5, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 7 && from <= 6 && to > 6)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s6 = Add(TRows.Value > 6, x, w0, s6); s5 = Add(TRows.Value > 5 && TTaps.Value > 1, x, w1, s5);
                    s4 = Add(TRows.Value > 4 && TTaps.Value > 2, x, w2, s4); s3 = Add(TRows.Value > 3 && TTaps.Value > 3, x, w3, s3);
                    s2 = Add(TRows.Value > 2 && TTaps.Value > 4, x, w4, s2); s1 = Add(TRows.Value > 1 && TTaps.Value > 5, x, w5, s1);
                    s0 = Add(TTaps.Value > 6, x, w6, s0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 8 && from <= 7 && to > 7)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7, x, w0, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 1, x, w1, s6);
                    s5 = Add(TRows.Value > 5 && TTaps.Value > 2, x, w2, s5); s4 = Add(TRows.Value > 4 && TTaps.Value > 3, x, w3, s4);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 4, x, w4, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 5, x, w5, s2);
                    s1 = Add(TRows.Value > 1 && TTaps.Value > 6, x, w6, s1);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 9 && from <= 8 && to > 8)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 1, x, w1, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 2, x, w2, s6);
                    s5 = Add(TRows.Value > 5 && TTaps.Value > 3, x, w3, s5); s4 = Add(TRows.Value > 4 && TTaps.Value > 4, x, w4, s4);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 5, x, w5, s3); s2 = Add(TRows.Value > 2 && TTaps.Value > 6, x, w6, s2);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 10 && from <= 9 && to > 9)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 2, x, w2, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 3, x, w3, s6);
                    s5 = Add(TRows.Value > 5 && TTaps.Value > 4, x, w4, s5); s4 = Add(TRows.Value > 4 && TTaps.Value > 5, x, w5, s4);
                    s3 = Add(TRows.Value > 3 && TTaps.Value > 6, x, w6, s3);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 11 && from <= 10 && to > 10)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 3, x, w3, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 4, x, w4, s6);
                    s5 = Add(TRows.Value > 5 && TTaps.Value > 5, x, w5, s5); s4 = Add(TRows.Value > 4 && TTaps.Value > 6, x, w6, s4);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 12 && from <= 11 && to > 11)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 4, x, w4, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 5, x, w5, s6);
                    s5 = Add(TRows.Value > 5 && TTaps.Value > 6, x, w6, s5);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 13 && from <= 12 && to > 12)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 5, x, w5, s7); s6 = Add(TRows.Value > 6 && TTaps.Value > 6, x, w6, s6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 14 && from <= 13 && to > 13)
                {
                    V x = Bits.And(L.Load(p), inside);
                    s7 = Add(TRows.Value > 7 && TTaps.Value > 6, x, w6, s7);
                }
            }
            T* target = y + at;
            L.Store(s0, target);
            if (TRows.Value > 1) { L.Store(s1, target += rowY); }
            if (TRows.Value > 2) { L.Store(s2, target += rowY); }
            if (TRows.Value > 3) { L.Store(s3, target += rowY); }
            if (TRows.Value > 4) { L.Store(s4, target += rowY); }
            if (TRows.Value > 5) { L.Store(s5, target += rowY); }
            if (TRows.Value > 6) { L.Store(s6, target += rowY); }
            if (TRows.Value > 7) { L.Store(s7, target += rowY); }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(bool used, V x, V w, V sum) => used ? L.MultiplyAdd(x, w, sum) : sum;
}
