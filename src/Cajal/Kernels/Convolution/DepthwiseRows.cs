using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>One filter over a slab: one vector of columns, TRows rows at a time, whatever the taps are.</summary>
internal static unsafe class DepthwiseRows<T, V, L, TRows>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
    where TRows : IConstant
{
    /// <summary>y[r] = bias + Σₖ w[k] slab[r * pitch + offsets[k]...].</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Run(nint k, T* w, int* offsets, T* slab, nint pitch, T* bias, T* y, nint rowY)
    {
        V s0 = L.Broadcast(bias), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (; k > 0; k--)
        {
            T* x = slab + *offsets++;
            V f = L.Broadcast(w++);
            s0 = L.MultiplyAdd(f, L.Load(x), s0);
            if (TRows.Value > 1) { s1 = L.MultiplyAdd(f, L.Load(x += pitch), s1); }
            if (TRows.Value > 2) { s2 = L.MultiplyAdd(f, L.Load(x += pitch), s2); }
            if (TRows.Value > 3) { s3 = L.MultiplyAdd(f, L.Load(x += pitch), s3); }
            if (TRows.Value > 4) { s4 = L.MultiplyAdd(f, L.Load(x += pitch), s4); }
            if (TRows.Value > 5) { s5 = L.MultiplyAdd(f, L.Load(x += pitch), s5); }
            if (TRows.Value > 6) { s6 = L.MultiplyAdd(f, L.Load(x += pitch), s6); }
            if (TRows.Value > 7) { s7 = L.MultiplyAdd(f, L.Load(x += pitch), s7); }
        }
        L.Store(s0, y);
        if (TRows.Value > 1) { L.Store(s1, y += rowY); }
        if (TRows.Value > 2) { L.Store(s2, y += rowY); }
        if (TRows.Value > 3) { L.Store(s3, y += rowY); }
        if (TRows.Value > 4) { L.Store(s4, y += rowY); }
        if (TRows.Value > 5) { L.Store(s5, y += rowY); }
        if (TRows.Value > 6) { L.Store(s6, y += rowY); }
        if (TRows.Value > 7) { L.Store(s7, y += rowY); }
    }
}
