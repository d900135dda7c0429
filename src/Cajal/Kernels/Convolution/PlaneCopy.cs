using System.Runtime.CompilerServices;

namespace Cajal.Kernels;

/// <summary>Copies part of a plane into a slab, with zeros where the plane ends.</summary>
internal static unsafe class PlaneCopy<T, V, L>
    where T : unmanaged
    where V : struct
    where L : ILanes<T, V>
{
    /// <summary>Elements beyond the target's end that may be overwritten.</summary>
    internal static int Slack => L.Count;

    /// <summary>
    /// target[r * pitch + q] = source[row + r, column + q], zero outside, where nothing is written if the target <paramref name="hasZeros"/>;
    /// <paramref name="end"/> is where reading must stop.
    /// </summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Fill(T* target, nint pitch, int rows, int columns, T* source, int sourceRows, int sourceColumns, int row, int column, bool hasZeros, T* end)
    {
        int left = Math.Clamp(-column, 0, columns), right = Math.Clamp(sourceColumns - column, left, columns);
        int above = Math.Clamp(-row, 0, rows), below = Math.Clamp(sourceRows - row, above, rows);
        if (!hasZeros) { Clear(target, pitch, above, columns); }
        target += above * pitch;
        source += (nint)(row + above) * sourceColumns + column + left;
        for (int r = above; r < below; r++, target += pitch, source += sourceColumns)
        {
            Row(target + left, source, right - left, !hasZeros, end);
            if (hasZeros) { continue; }
            for (int q = 0; q < left; q++) { target[q] = default; }
            for (int q = right; q < columns; q++) { target[q] = default; }
        }
        if (!hasZeros) { Clear(target, pitch, rows - below, columns); }
    }

    private static void Clear(T* target, nint pitch, int rows, int columns)
    {
        for (int r = 0; r < rows; r++) { new Span<T>(target + r * pitch, columns).Clear(); }
    }

    /// <summary>
    /// Fills the planes of one source channel with what grid rows from <paramref name="row"/> and columns from <paramref name="column"/> on read at one
    /// <paramref name="depth"/>. Source rows are read in their order, whatever remainders they belong to.
    /// </summary>
    /// <param name="target">The channel's planes.</param>
    /// <param name="slab">Their layout.</param>
    /// <param name="source">The source channel.</param>
    /// <param name="depth">Position along the depth's grid.</param>
    /// <param name="row">First grid row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="column">First grid column.</param>
    /// <param name="hasZeros">Whether what lies outside the source is zero already.</param>
    /// <param name="end">Where reading must stop.</param>
    [MethodImpl(Kernel.Loop)]
    internal static void Fill(T* target, SlabShape slab, T* source, int depth, int row, int rows, int column, bool hasZeros, T* end)
    {
        TapAxis d = slab.Depth, h = slab.Height, w = slab.Width;
        int[] phasesD = slab.PhasesD, phasesH = slab.PhasesH, phasesW = slab.PhasesW;
        int columns = slab.Columns;
        nint planeW = (nint)slab.Plane * (1 + slab.ReachD), planeH = planeW * phasesW.Length;
        int* left = stackalloc int[2 * phasesW.Length], right = left + phasesW.Length;
        for (int v = 0; v < phasesW.Length; v++)
        {
            int first = column * w.Step + w.First + phasesW[v];
            left[v] = Math.Clamp(Ceiling(-first, w.Step), 0, columns);
            right[v] = Math.Clamp(Ceiling(w.Source - first, w.Step), left[v], columns);
        }
        foreach (int shiftD in phasesD)
        {
            for (int q = 0; q <= slab.ReachD; q++)
            {
                int at = (depth + q) * d.Step + d.First + shiftD, sourceRows = (uint)at < (uint)d.Source ? h.Source : 0;
                T* from = source + (nint)at * h.Source * w.Source, to = target + (nint)q * slab.Plane;
                if (w.Step == 1 && h.Step == 1) { Fill(to, columns, rows + slab.ReachH, columns, from, sourceRows, w.Source, row + h.First, column + w.First, hasZeros, end); }
                else { FillPhases(to, slab, from, sourceRows, row, rows, column, left, hasZeros, end); }
            }
            target += planeH * phasesH.Length;
        }
    }

    [MethodImpl(Kernel.Loop)]
    private static void FillPhases(T* target, SlabShape slab, T* source, int sourceRows, int row, int rows, int column, int* left, bool hasZeros, T* end)
    {
        TapAxis h = slab.Height, w = slab.Width;
        int[] phasesH = slab.PhasesH, phasesW = slab.PhasesW;
        int columns = slab.Columns;
        int* right = left + phasesW.Length;
        nint planeW = (nint)slab.Plane * (1 + slab.ReachD), planeH = planeW * phasesW.Length;
        for (int r = rows + slab.ReachH; r > 0; r--, row++, target += columns)
        {
            // The planes are written side by side, so a vector may spoil the rest of its own plane only.
            bool spoil = !hasZeros && r * columns >= columns + L.Count;
            for (int u = 0; u < phasesH.Length; u++)
            {
                int at = row * h.Step + h.First + phasesH[u];
                bool inside = (uint)at < (uint)sourceRows;
                if (!inside && hasZeros) { continue; }
                for (int v = 0; v < phasesW.Length; v++)
                {
                    T* to = target + u * planeH + v * planeW;
                    int start = inside ? left[v] : columns, stop = inside ? right[v] : columns;
                    if (inside)
                    {
                        T* from = source + (nint)at * w.Source + (column + start) * w.Step + w.First + phasesW[v];
                        if (w.Step == 1) { Row(to + start, from, stop - start, spoil, end); }
                        else { Interleaving<T, V, L>.Gather(to + start, from, stop - start, w.Step, end); }
                    }
                    if (hasZeros) { continue; }
                    for (int q = 0; q < start; q++) { to[q] = default; }
                    for (int q = stop; q < columns; q++) { to[q] = default; }
                }
            }
        }
    }

    // The last vector overlaps the one before. Where there is none it may run over the end, if what it spoils is written next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(T* target, T* from, int count, bool spoil, T* end)
    {
        int i = 0;
        for (; i <= count - L.Count; i += L.Count) { L.Store(L.Load(from + i), target + i); }
        if (i == count) { return; }
        if (i > 0) { L.Store(L.Load(from + count - L.Count), target + count - L.Count); }
        else if (spoil && from + L.Count <= end) { L.Store(L.Load(from), target); }
        else
        {
            for (; i < count; i++) { target[i] = from[i]; }
        }
    }

    private static int Ceiling(int x, int by) => x <= 0 ? 0 : (x + by - 1) / by;
}
