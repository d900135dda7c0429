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

    /// <summary>target[r, q] = source[row + r * rowStep, column + q * columnStep], zero outside; <paramref name="end"/> is where reading must stop.</summary>
    [MethodImpl(Kernel.Loop)]
    internal static void Fill(
        T* target, int rows, int columns, T* source, int sourceRows, int sourceColumns, int row, int rowStep, int column, int columnStep, T* end)
    {
        int left = Math.Clamp(Ceiling(-column, columnStep), 0, columns), right = Math.Clamp(Ceiling(sourceColumns - column, columnStep), left, columns);
        for (int r = 0; r < rows; r++, row += rowStep, target += columns)
        {
            if ((uint)row >= (uint)sourceRows)
            {
                new Span<T>(target, columns).Clear();
                continue;
            }
            for (int q = 0; q < left; q++) { target[q] = default; }
            T* from = source + (nint)row * sourceColumns + column;
            if (columnStep == 1) { Row(target + left, from + left, right - left, end); }
            else
            {
                for (int q = left; q < right; q++) { target[q] = from[(nint)q * columnStep]; }
            }
            for (int q = right; q < columns; q++) { target[q] = default; }
        }
    }

    // Whole vectors run over the end of a row: what they spoil is written next. Only the end of the source stops them.
    [MethodImpl(Kernel.Loop)]
    static void Row(T* target, T* from, int count, T* end)
    {
        int i = 0;
        for (; i < count && from + i + L.Count <= end; i += L.Count) { L.Store(L.Load(from + i), target + i); }
        for (; i < count; i++) { target[i] = from[i]; }
    }

    static int Ceiling(int x, int by) => x <= 0 ? 0 : (x + by - 1) / by;
}
