using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The same as <see cref="DepthwiseStripGradient{T, V, L, TRows, TTaps}"/> for the commonest filter, 3 x 3: all nine sums stay in registers, so dy is read once
/// instead of once for each filter column (measured: a quarter faster).
/// </summary>
internal static unsafe class DepthwiseSquareGradient<T, V, L, TRows>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
{
    [MethodImpl(Kernel.Loop)]
    internal static void Run(in DepthwiseRow<T> row, T* source, int from, int to, T* dy, T* fresh, T* sums)
    {
        nint pitch = row.SourceWidth;
        V s0 = default, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0;
        for (int c = 0; c < row.Columns; c += L.Count)
        {
            int at = Math.Min(c, row.Columns - L.Count);
            // The last vector overlaps the one before: its first lanes have been added already.
            V own = L.Load(fresh + L.Count - (c - at));
            T* p = source + at, g = dy + at, mask = row.Masks + at;
            V m0 = Bits.And(own, L.Load(mask)), m1 = Bits.And(own, L.Load(mask + row.Columns)), m2 = Bits.And(own, L.Load(mask + 2 * row.Columns));
            V d0 = Bits.And(L.Load(g), own), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
            if (TRows.Value > 1) { d1 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 2) { d2 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 3) { d3 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 4) { d4 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 5) { d5 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 6) { d6 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value > 7) { d7 = Bits.And(L.Load(g += row.Columns), own); }
            if (TRows.Value + 3 > 1 && from <= 0 && to > 0)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                (s0, s1, s2) = (L.MultiplyAdd(x, d0, s0), L.MultiplyAdd(y, d0, s1), L.MultiplyAdd(z, d0, s2));
            }
            p += pitch;
            if (TRows.Value + 3 > 2 && from <= 1 && to > 1)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 1) { (s0, s1, s2) = (L.MultiplyAdd(x, d1, s0), L.MultiplyAdd(y, d1, s1), L.MultiplyAdd(z, d1, s2)); }
                (s3, s4, s5) = (L.MultiplyAdd(x, d0, s3), L.MultiplyAdd(y, d0, s4), L.MultiplyAdd(z, d0, s5));
            }
            p += pitch;
            if (TRows.Value + 3 > 3 && from <= 2 && to > 2)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 2) { (s0, s1, s2) = (L.MultiplyAdd(x, d2, s0), L.MultiplyAdd(y, d2, s1), L.MultiplyAdd(z, d2, s2)); }
                if (TRows.Value > 1) { (s3, s4, s5) = (L.MultiplyAdd(x, d1, s3), L.MultiplyAdd(y, d1, s4), L.MultiplyAdd(z, d1, s5)); }
                (s6, s7, s8) = (L.MultiplyAdd(x, d0, s6), L.MultiplyAdd(y, d0, s7), L.MultiplyAdd(z, d0, s8));
            }
            p += pitch;
            if (TRows.Value + 3 > 4 && from <= 3 && to > 3)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 3) { (s0, s1, s2) = (L.MultiplyAdd(x, d3, s0), L.MultiplyAdd(y, d3, s1), L.MultiplyAdd(z, d3, s2)); }
                if (TRows.Value > 2) { (s3, s4, s5) = (L.MultiplyAdd(x, d2, s3), L.MultiplyAdd(y, d2, s4), L.MultiplyAdd(z, d2, s5)); }
                if (TRows.Value > 1) { (s6, s7, s8) = (L.MultiplyAdd(x, d1, s6), L.MultiplyAdd(y, d1, s7), L.MultiplyAdd(z, d1, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 5 && from <= 4 && to > 4)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 4) { (s0, s1, s2) = (L.MultiplyAdd(x, d4, s0), L.MultiplyAdd(y, d4, s1), L.MultiplyAdd(z, d4, s2)); }
                if (TRows.Value > 3) { (s3, s4, s5) = (L.MultiplyAdd(x, d3, s3), L.MultiplyAdd(y, d3, s4), L.MultiplyAdd(z, d3, s5)); }
                if (TRows.Value > 2) { (s6, s7, s8) = (L.MultiplyAdd(x, d2, s6), L.MultiplyAdd(y, d2, s7), L.MultiplyAdd(z, d2, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 6 && from <= 5 && to > 5)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 5) { (s0, s1, s2) = (L.MultiplyAdd(x, d5, s0), L.MultiplyAdd(y, d5, s1), L.MultiplyAdd(z, d5, s2)); }
                if (TRows.Value > 4) { (s3, s4, s5) = (L.MultiplyAdd(x, d4, s3), L.MultiplyAdd(y, d4, s4), L.MultiplyAdd(z, d4, s5)); }
                if (TRows.Value > 3) { (s6, s7, s8) = (L.MultiplyAdd(x, d3, s6), L.MultiplyAdd(y, d3, s7), L.MultiplyAdd(z, d3, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 7 && from <= 6 && to > 6)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 6) { (s0, s1, s2) = (L.MultiplyAdd(x, d6, s0), L.MultiplyAdd(y, d6, s1), L.MultiplyAdd(z, d6, s2)); }
                if (TRows.Value > 5) { (s3, s4, s5) = (L.MultiplyAdd(x, d5, s3), L.MultiplyAdd(y, d5, s4), L.MultiplyAdd(z, d5, s5)); }
                if (TRows.Value > 4) { (s6, s7, s8) = (L.MultiplyAdd(x, d4, s6), L.MultiplyAdd(y, d4, s7), L.MultiplyAdd(z, d4, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 8 && from <= 7 && to > 7)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 7) { (s0, s1, s2) = (L.MultiplyAdd(x, d7, s0), L.MultiplyAdd(y, d7, s1), L.MultiplyAdd(z, d7, s2)); }
                if (TRows.Value > 6) { (s3, s4, s5) = (L.MultiplyAdd(x, d6, s3), L.MultiplyAdd(y, d6, s4), L.MultiplyAdd(z, d6, s5)); }
                if (TRows.Value > 5) { (s6, s7, s8) = (L.MultiplyAdd(x, d5, s6), L.MultiplyAdd(y, d5, s7), L.MultiplyAdd(z, d5, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 9 && from <= 8 && to > 8)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 7) { (s3, s4, s5) = (L.MultiplyAdd(x, d7, s3), L.MultiplyAdd(y, d7, s4), L.MultiplyAdd(z, d7, s5)); }
                if (TRows.Value > 6) { (s6, s7, s8) = (L.MultiplyAdd(x, d6, s6), L.MultiplyAdd(y, d6, s7), L.MultiplyAdd(z, d6, s8)); }
            }
            p += pitch;
            if (TRows.Value + 3 > 10 && from <= 9 && to > 9)
            {
                V x = Bits.And(L.Load(p), m0), y = Bits.And(L.Load(p + 1), m1), z = Bits.And(L.Load(p + 2), m2);
                if (TRows.Value > 7) { (s6, s7, s8) = (L.MultiplyAdd(x, d7, s6), L.MultiplyAdd(y, d7, s7), L.MultiplyAdd(z, d7, s8)); }
            }
        }
        Put(sums, s0);
        Put(sums + L.Count, s1);
        Put(sums + 2 * L.Count, s2);
        Put(sums + 3 * L.Count, s3);
        Put(sums + 4 * L.Count, s4);
        Put(sums + 5 * L.Count, s5);
        Put(sums + 6 * L.Count, s6);
        Put(sums + 7 * L.Count, s7);
        Put(sums + 8 * L.Count, s8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* to, V sum) => L.Store(L.Add(L.Load(to), sum), to);
}
