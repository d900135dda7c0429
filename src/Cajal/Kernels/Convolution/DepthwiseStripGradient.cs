using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The innermost kernel of a depthwise weight gradient: TRows rows of dy against the TRows + TTaps - 1 source rows they came from, both read where they
/// lie. Each vector of a source row is loaded once for each filter column and serves all filter rows.
/// </summary>
internal static unsafe class DepthwiseStripGradient<T, V, L, TRows, TTaps>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TTaps : IConstant
{
    /// <summary>
    /// sums[i, j] += Σ dy[r, c] source[r + i, c + j] for each filter row i and column j, lane by lane; <paramref name="fresh"/> is a vector of no bits, then one of all bits.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
    {
        nint pitch = row.SourceWidth, pitchY = row.Columns, taps = row.Taps;
        T* mask = row.Masks;
        for (nint tap = 0; tap < taps; tap++, mask += row.Columns)
        {
            V a0 = default, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0;
            for (int c = 0; c < row.Columns; c += L.Count)
            {
                int at = Math.Min(c, row.Columns - L.Count);
                // The last vector overlaps the one before: its first lanes have been added already.
                V own = L.Load(fresh + L.Count - (c - at)), inside = Bits.And(own, L.Load(mask + at));
                T* p = source + at + tap, g = dy + at;
                V d0 = Bits.And(L.Load(g), own), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
                if (TRows.Value > 1) { d1 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 2) { d2 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 3) { d3 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 4) { d4 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 5) { d5 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 6) { d6 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value > 7) { d7 = Bits.And(L.Load(g += pitchY), own); }
                if (TRows.Value + TTaps.Value > 1 && from <= 0 && to > 0)
                {
                    V x = Bits.And(L.Load(p), inside);
                    a0 = L.MultiplyAdd(x, d0, a0);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 2 && from <= 1 && to > 1)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b0 = Add(TRows.Value > 1, x, d1, b0); a1 = Add(TTaps.Value > 1, x, d0, a1);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 3 && from <= 2 && to > 2)
                {
                    V x = Bits.And(L.Load(p), inside);
                    a0 = Add(TRows.Value > 2, x, d2, a0); b1 = Add(TRows.Value > 1 && TTaps.Value > 1, x, d1, b1);
                    a2 = Add(TTaps.Value > 2, x, d0, a2);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 4 && from <= 3 && to > 3)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b0 = Add(TRows.Value > 3, x, d3, b0); a1 = Add(TRows.Value > 2 && TTaps.Value > 1, x, d2, a1);
                    b2 = Add(TRows.Value > 1 && TTaps.Value > 2, x, d1, b2); a3 = Add(TTaps.Value > 3, x, d0, a3);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 5 && from <= 4 && to > 4)
                {
                    V x = Bits.And(L.Load(p), inside);
                    a0 = Add(TRows.Value > 4, x, d4, a0); b1 = Add(TRows.Value > 3 && TTaps.Value > 1, x, d3, b1);
                    a2 = Add(TRows.Value > 2 && TTaps.Value > 2, x, d2, a2); b3 = Add(TRows.Value > 1 && TTaps.Value > 3, x, d1, b3);
                    a4 = Add(TTaps.Value > 4, x, d0, a4);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 6 && from <= 5 && to > 5)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b0 = Add(TRows.Value > 5, x, d5, b0); a1 = Add(TRows.Value > 4 && TTaps.Value > 1, x, d4, a1);
                    b2 = Add(TRows.Value > 3 && TTaps.Value > 2, x, d3, b2); a3 = Add(TRows.Value > 2 && TTaps.Value > 3, x, d2, a3);
                    b4 = Add(TRows.Value > 1 && TTaps.Value > 4, x, d1, b4); a5 = Add(TTaps.Value > 5, x, d0, a5);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 7 && from <= 6 && to > 6)
                {
                    V x = Bits.And(L.Load(p), inside);
                    a0 = Add(TRows.Value > 6, x, d6, a0); b1 = Add(TRows.Value > 5 && TTaps.Value > 1, x, d5, b1);
                    a2 = Add(TRows.Value > 4 && TTaps.Value > 2, x, d4, a2); b3 = Add(TRows.Value > 3 && TTaps.Value > 3, x, d3, b3);
                    a4 = Add(TRows.Value > 2 && TTaps.Value > 4, x, d2, a4); b5 = Add(TRows.Value > 1 && TTaps.Value > 5, x, d1, b5);
                    a6 = Add(TTaps.Value > 6, x, d0, a6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 8 && from <= 7 && to > 7)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b0 = Add(TRows.Value > 7, x, d7, b0); a1 = Add(TRows.Value > 6 && TTaps.Value > 1, x, d6, a1);
                    b2 = Add(TRows.Value > 5 && TTaps.Value > 2, x, d5, b2); a3 = Add(TRows.Value > 4 && TTaps.Value > 3, x, d4, a3);
                    b4 = Add(TRows.Value > 3 && TTaps.Value > 4, x, d3, b4); a5 = Add(TRows.Value > 2 && TTaps.Value > 5, x, d2, a5);
                    b6 = Add(TRows.Value > 1 && TTaps.Value > 6, x, d1, b6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 9 && from <= 8 && to > 8)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b1 = Add(TRows.Value > 7 && TTaps.Value > 1, x, d7, b1); a2 = Add(TRows.Value > 6 && TTaps.Value > 2, x, d6, a2);
                    b3 = Add(TRows.Value > 5 && TTaps.Value > 3, x, d5, b3); a4 = Add(TRows.Value > 4 && TTaps.Value > 4, x, d4, a4);
                    b5 = Add(TRows.Value > 3 && TTaps.Value > 5, x, d3, b5); a6 = Add(TRows.Value > 2 && TTaps.Value > 6, x, d2, a6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 10 && from <= 9 && to > 9)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b2 = Add(TRows.Value > 7 && TTaps.Value > 2, x, d7, b2); a3 = Add(TRows.Value > 6 && TTaps.Value > 3, x, d6, a3);
                    b4 = Add(TRows.Value > 5 && TTaps.Value > 4, x, d5, b4); a5 = Add(TRows.Value > 4 && TTaps.Value > 5, x, d4, a5);
                    b6 = Add(TRows.Value > 3 && TTaps.Value > 6, x, d3, b6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 11 && from <= 10 && to > 10)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b3 = Add(TRows.Value > 7 && TTaps.Value > 3, x, d7, b3); a4 = Add(TRows.Value > 6 && TTaps.Value > 4, x, d6, a4);
                    b5 = Add(TRows.Value > 5 && TTaps.Value > 5, x, d5, b5); a6 = Add(TRows.Value > 4 && TTaps.Value > 6, x, d4, a6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 12 && from <= 11 && to > 11)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b4 = Add(TRows.Value > 7 && TTaps.Value > 4, x, d7, b4); a5 = Add(TRows.Value > 6 && TTaps.Value > 5, x, d6, a5);
                    b6 = Add(TRows.Value > 5 && TTaps.Value > 6, x, d5, b6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 13 && from <= 12 && to > 12)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b5 = Add(TRows.Value > 7 && TTaps.Value > 5, x, d7, b5); a6 = Add(TRows.Value > 6 && TTaps.Value > 6, x, d6, a6);
                }
                p += pitch;
                if (TRows.Value + TTaps.Value > 14 && from <= 13 && to > 13)
                {
                    V x = Bits.And(L.Load(p), inside);
                    b6 = Add(TRows.Value > 7 && TTaps.Value > 6, x, d7, b6);
                }
            }
            T* target = sums + tap * L.Count;
            Put(target, a0, b0);
            if (TTaps.Value > 1) { Put(target += taps * L.Count, a1, b1); }
            if (TTaps.Value > 2) { Put(target += taps * L.Count, a2, b2); }
            if (TTaps.Value > 3) { Put(target += taps * L.Count, a3, b3); }
            if (TTaps.Value > 4) { Put(target += taps * L.Count, a4, b4); }
            if (TTaps.Value > 5) { Put(target += taps * L.Count, a5, b5); }
            if (TTaps.Value > 6) { Put(target += taps * L.Count, a6, b6); }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(bool used, V x, V d, V sum) => used ? L.MultiplyAdd(x, d, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* sum, V a, V b) => L.Store(L.Add(L.Load(sum), L.Add(a, b)), sum);
}
