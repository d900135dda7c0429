using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>
/// The innermost kernel of a convolution: TRows channels by TVectors vectors of neighbouring positions, kept in registers over all taps.
/// Row k of the right operand starts at b + offsets[k]: the taps of a slab are read where they lie, nothing is unrolled in memory.
/// </summary>
/// <remarks>Each result is one chain of multiply-adds over rising k, so its bits do not depend on the tile's shape or place.</remarks>
internal static unsafe class PatchTile<T, V, L, TRows, TVectors>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TVectors : IConstant
{
    /// <summary>C = A B, or C += A B when <paramref name="add"/>; a is packed [k, TRows]. Needs k >= 1.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, int* offsets, T* b, T* c, nint rowC, bool add)
    {
        V l0 = default, r0 = default;
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
        do
        {
            T* p = b + *offsets++;
            V x, b0 = L.Load(p), b1 = TVectors.Value > 1 ? L.Load(p + L.Count) : default;
            x = L.Broadcast(a); l0 = L.MultiplyAdd(x, b0, l0); r0 = Right(x, b1, r0);
            if (TRows.Value > 1) { x = L.Broadcast(a + 1); l1 = L.MultiplyAdd(x, b0, l1); r1 = Right(x, b1, r1); }
            if (TRows.Value > 2) { x = L.Broadcast(a + 2); l2 = L.MultiplyAdd(x, b0, l2); r2 = Right(x, b1, r2); }
            if (TRows.Value > 3) { x = L.Broadcast(a + 3); l3 = L.MultiplyAdd(x, b0, l3); r3 = Right(x, b1, r3); }
            if (TRows.Value > 4) { x = L.Broadcast(a + 4); l4 = L.MultiplyAdd(x, b0, l4); r4 = Right(x, b1, r4); }
            if (TRows.Value > 5) { x = L.Broadcast(a + 5); l5 = L.MultiplyAdd(x, b0, l5); r5 = Right(x, b1, r5); }
            if (TRows.Value > 6) { x = L.Broadcast(a + 6); l6 = L.MultiplyAdd(x, b0, l6); r6 = Right(x, b1, r6); }
            if (TRows.Value > 7) { x = L.Broadcast(a + 7); l7 = L.MultiplyAdd(x, b0, l7); r7 = Right(x, b1, r7); }
            if (TRows.Value > 8) { x = L.Broadcast(a + 8); l8 = L.MultiplyAdd(x, b0, l8); r8 = Right(x, b1, r8); }
            if (TRows.Value > 9) { x = L.Broadcast(a + 9); l9 = L.MultiplyAdd(x, b0, l9); r9 = Right(x, b1, r9); }
            if (TRows.Value > 10) { x = L.Broadcast(a + 10); l10 = L.MultiplyAdd(x, b0, l10); r10 = Right(x, b1, r10); }
            if (TRows.Value > 11) { x = L.Broadcast(a + 11); l11 = L.MultiplyAdd(x, b0, l11); r11 = Right(x, b1, r11); }
            a += TRows.Value;
        }
        while (--k != 0);
        Put(c, l0, r0, add);
        if (TRows.Value > 1) { Put(c + rowC, l1, r1, add); }
        if (TRows.Value > 2) { Put(c + 2 * rowC, l2, r2, add); }
        if (TRows.Value > 3) { Put(c + 3 * rowC, l3, r3, add); }
        if (TRows.Value > 4) { Put(c + 4 * rowC, l4, r4, add); }
        if (TRows.Value > 5) { Put(c + 5 * rowC, l5, r5, add); }
        if (TRows.Value > 6) { Put(c + 6 * rowC, l6, r6, add); }
        if (TRows.Value > 7) { Put(c + 7 * rowC, l7, r7, add); }
        if (TRows.Value > 8) { Put(c + 8 * rowC, l8, r8, add); }
        if (TRows.Value > 9) { Put(c + 9 * rowC, l9, r9, add); }
        if (TRows.Value > 10) { Put(c + 10 * rowC, l10, r10, add); }
        if (TRows.Value > 11) { Put(c + 11 * rowC, l11, r11, add); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Right(V x, V b, V sum) => TVectors.Value > 1 ? L.MultiplyAdd(x, b, sum) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* c, V left, V right, bool add)
    {
        if (add)
        {
            left = L.Add(L.Load(c), left);
            if (TVectors.Value > 1) { right = L.Add(L.Load(c + L.Count), right); }
        }
        L.Store(left, c);
        if (TVectors.Value > 1) { L.Store(right, c + L.Count); }
    }
}
