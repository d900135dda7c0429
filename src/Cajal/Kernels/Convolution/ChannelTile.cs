using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The innermost kernel of a convolution with many result channels: TRows neighbouring positions by TVectors vectors of channels, kept in registers over all
/// taps. The taps of a slab are read where they lie, one number at a time, so any stride is as good as another.
/// </summary>
/// <remarks>Each result is one chain of multiply-adds over rising k, so its bits do not depend on the tile's shape or place.</remarks>
internal static unsafe class ChannelTile<T, V, L, TRows, TVectors>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TVectors : IConstant
{
    /// <summary>c[i] = start + Σₖ a[offsets[k] + i * step] b[k]. Needs k >= 1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, int* offsets, nint step, T* b, T* start, T* c, nint rowC)
    {
        V l0 = L.Load(start), r0 = TVectors.Value > 1 ? L.Load(start + L.Count) : default;
        V l1 = l0, r1 = r0;
        V l2 = l0, r2 = r0;
        V l3 = l0, r3 = r0;
        V l4 = l0, r4 = r0;
        V l5 = l0, r5 = r0;
        V l6 = l0, r6 = r0;
        V l7 = l0, r7 = r0;
        V l8 = l0, r8 = r0;
        V l9 = l0, r9 = r0;
        V l10 = l0, r10 = r0;
        V l11 = l0, r11 = r0;
        // Three bases and three offsets address twelve positions without a multiplication or a spill.
        nint s = step, s2 = 2 * step, s3 = 3 * step, s4 = 4 * step;
        do
        {
            T* p = a + *offsets++, p4 = p + s4, p8 = p4 + s4;
            V x, b0 = L.Load(b), b1 = TVectors.Value > 1 ? L.Load(b + L.Count) : default;
            x = L.Broadcast(p); l0 = L.MultiplyAdd(x, b0, l0); r0 = Right(x, b1, r0);
            if (TRows.Value > 1) { x = L.Broadcast(p + s); l1 = L.MultiplyAdd(x, b0, l1); r1 = Right(x, b1, r1); }
            if (TRows.Value > 2) { x = L.Broadcast(p + s2); l2 = L.MultiplyAdd(x, b0, l2); r2 = Right(x, b1, r2); }
            if (TRows.Value > 3) { x = L.Broadcast(p + s3); l3 = L.MultiplyAdd(x, b0, l3); r3 = Right(x, b1, r3); }
            if (TRows.Value > 4) { x = L.Broadcast(p4); l4 = L.MultiplyAdd(x, b0, l4); r4 = Right(x, b1, r4); }
            if (TRows.Value > 5) { x = L.Broadcast(p4 + s); l5 = L.MultiplyAdd(x, b0, l5); r5 = Right(x, b1, r5); }
            if (TRows.Value > 6) { x = L.Broadcast(p4 + s2); l6 = L.MultiplyAdd(x, b0, l6); r6 = Right(x, b1, r6); }
            if (TRows.Value > 7) { x = L.Broadcast(p4 + s3); l7 = L.MultiplyAdd(x, b0, l7); r7 = Right(x, b1, r7); }
            if (TRows.Value > 8) { x = L.Broadcast(p8); l8 = L.MultiplyAdd(x, b0, l8); r8 = Right(x, b1, r8); }
            if (TRows.Value > 9) { x = L.Broadcast(p8 + s); l9 = L.MultiplyAdd(x, b0, l9); r9 = Right(x, b1, r9); }
            if (TRows.Value > 10) { x = L.Broadcast(p8 + s2); l10 = L.MultiplyAdd(x, b0, l10); r10 = Right(x, b1, r10); }
            if (TRows.Value > 11) { x = L.Broadcast(p8 + s3); l11 = L.MultiplyAdd(x, b0, l11); r11 = Right(x, b1, r11); }
            b += TVectors.Value * L.Count;
        }
        while (--k != 0);
        Put(c, l0, r0);
        if (TRows.Value > 1) { Put(c + rowC, l1, r1); }
        if (TRows.Value > 2) { Put(c + 2 * rowC, l2, r2); }
        if (TRows.Value > 3) { Put(c + 3 * rowC, l3, r3); }
        if (TRows.Value > 4) { Put(c + 4 * rowC, l4, r4); }
        if (TRows.Value > 5) { Put(c + 5 * rowC, l5, r5); }
        if (TRows.Value > 6) { Put(c + 6 * rowC, l6, r6); }
        if (TRows.Value > 7) { Put(c + 7 * rowC, l7, r7); }
        if (TRows.Value > 8) { Put(c + 8 * rowC, l8, r8); }
        if (TRows.Value > 9) { Put(c + 9 * rowC, l9, r9); }
        if (TRows.Value > 10) { Put(c + 10 * rowC, l10, r10); }
        if (TRows.Value > 11) { Put(c + 11 * rowC, l11, r11); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Right(V x, V b, V sum) => TVectors.Value > 1 ? L.MultiplyAdd(x, b, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(T* c, V left, V right)
    {
        L.Store(left, c);
        if (TVectors.Value > 1) { L.Store(right, c + L.Count); }
    }
}
