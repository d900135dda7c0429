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
    /// <summary>c[i] = start[i] + Σₖ a[offsets[k] + i * step] b[k]. Needs k >= 1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, int* offsets, nint step, T* b, T* start, nint rowStart, T* c, nint rowC)
    {
        Get(start, out V l0, out V r0);
        V l1 = default, r1 = default;
        V l2 = default, r2 = default;
        V l3 = default, r3 = default;
        V l4 = default, r4 = default;
        V l5 = default, r5 = default;
        V l6 = default, r6 = default;
        V l7 = default, r7 = default;
        V l8 = default, r8 = default;
        V l9 = default, r9 = default;
        V l10 = default, r10 = default;
        V l11 = default, r11 = default;
        if (TRows.Value > 1) { Get(start + rowStart, out l1, out r1); }
        if (TRows.Value > 2) { Get(start + 2 * rowStart, out l2, out r2); }
        if (TRows.Value > 3) { Get(start + 3 * rowStart, out l3, out r3); }
        if (TRows.Value > 4) { Get(start + 4 * rowStart, out l4, out r4); }
        if (TRows.Value > 5) { Get(start + 5 * rowStart, out l5, out r5); }
        if (TRows.Value > 6) { Get(start + 6 * rowStart, out l6, out r6); }
        if (TRows.Value > 7) { Get(start + 7 * rowStart, out l7, out r7); }
        if (TRows.Value > 8) { Get(start + 8 * rowStart, out l8, out r8); }
        if (TRows.Value > 9) { Get(start + 9 * rowStart, out l9, out r9); }
        if (TRows.Value > 10) { Get(start + 10 * rowStart, out l10, out r10); }
        if (TRows.Value > 11) { Get(start + 11 * rowStart, out l11, out r11); }
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
    private static V Right(V x, V b, V sum) => TVectors.Value > 1 ? L.MultiplyAdd(x, b, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get(T* c, out V left, out V right)
    {
        left = L.Load(c);
        right = TVectors.Value > 1 ? L.Load(c + L.Count) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* c, V left, V right)
    {
        L.Store(left, c);
        if (TVectors.Value > 1) { L.Store(right, c + L.Count); }
    }
}
