using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cajal.Kernels;

/// <summary>A number known when the code is generated, so that branches on it vanish.</summary>
internal interface IConstant
{
    static abstract int Value { get; }
}

/// <summary>
/// The innermost kernel: a tile of C, TRows rows by TVectors vectors (1 or 2), kept in registers for the whole of k.
/// </summary>
/// <remarks>
/// Each value of C is one chain of multiply-adds over rising k, started at zero: its bits do not depend on the tile's shape or place.
/// A is read by broadcast at any strides, so packed panels and plain views share this code. B needs contiguous rows.
/// </remarks>
internal static unsafe class RegisterTile<T, V, L, TRows, TVectors>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
    where TVectors : IConstant
{
    /// <summary>C = A B, or C += A B when <paramref name="add"/>. Needs k >= 1. Steps are in elements.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* a, nint rowA, nint colA, T* b, nint rowB, T* c, nint rowC, bool add)
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
        if (add && Sse.IsSupported) { Prefetch(c, rowC); }
        // Three bases and three offsets address twelve rows without a multiplication or a spill.
        nint s = rowA, s2 = 2 * rowA, s3 = 3 * rowA;
        T* a4 = a + 4 * rowA, a8 = a + 8 * rowA;
        do
        {
            V x, b0 = L.Load(b), b1 = TVectors.Value > 1 ? L.Load(b + L.Count) : default;
            x = L.Broadcast(a); l0 = L.MultiplyAdd(x, b0, l0); r0 = Right(x, b1, r0);
            if (TRows.Value > 1) { x = L.Broadcast(a + s); l1 = L.MultiplyAdd(x, b0, l1); r1 = Right(x, b1, r1); }
            if (TRows.Value > 2) { x = L.Broadcast(a + s2); l2 = L.MultiplyAdd(x, b0, l2); r2 = Right(x, b1, r2); }
            if (TRows.Value > 3) { x = L.Broadcast(a + s3); l3 = L.MultiplyAdd(x, b0, l3); r3 = Right(x, b1, r3); }
            if (TRows.Value > 4) { x = L.Broadcast(a4); l4 = L.MultiplyAdd(x, b0, l4); r4 = Right(x, b1, r4); }
            if (TRows.Value > 5) { x = L.Broadcast(a4 + s); l5 = L.MultiplyAdd(x, b0, l5); r5 = Right(x, b1, r5); }
            if (TRows.Value > 6) { x = L.Broadcast(a4 + s2); l6 = L.MultiplyAdd(x, b0, l6); r6 = Right(x, b1, r6); }
            if (TRows.Value > 7) { x = L.Broadcast(a4 + s3); l7 = L.MultiplyAdd(x, b0, l7); r7 = Right(x, b1, r7); }
            if (TRows.Value > 8) { x = L.Broadcast(a8); l8 = L.MultiplyAdd(x, b0, l8); r8 = Right(x, b1, r8); }
            if (TRows.Value > 9) { x = L.Broadcast(a8 + s); l9 = L.MultiplyAdd(x, b0, l9); r9 = Right(x, b1, r9); }
            if (TRows.Value > 10) { x = L.Broadcast(a8 + s2); l10 = L.MultiplyAdd(x, b0, l10); r10 = Right(x, b1, r10); }
            if (TRows.Value > 11) { x = L.Broadcast(a8 + s3); l11 = L.MultiplyAdd(x, b0, l11); r11 = Right(x, b1, r11); }
            a += colA;
            a4 += colA;
            a8 += colA;
            b += rowB;
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

    // A large C has left the caches since the last block of k; fetching it while the sums run hides that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* c, nint rowC)
    {
        for (int i = 0; i < TRows.Value; i++, c += rowC)
        {
            Sse.Prefetch1(c);
            if (TVectors.Value > 1) { Sse.Prefetch1(c + 2 * L.Count - 1); }
        }
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
