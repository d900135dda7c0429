using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Kernels;

/// <summary>Copies elements between two strided layouts of one shape. <typeparamref name="T"/> only gives the element size.</summary>
internal static unsafe class StridedCopy<T> where T : unmanaged
{
    /// <summary>Side of the square tiles in which a transposition is done: 16 x 16 doubles fill half of a 4 KiB page.</summary>
    private const int Tile = 16;

    /// <summary>
    /// Copies <paramref name="planes"/> matrices of <paramref name="rows"/> x <paramref name="columns"/>; plane p starts at <c>sourcePlanes[p]</c> and
    /// <c>targetPlanes[p]</c> (at 0 where there is no table).
    /// </summary>
    internal static void Run(Span<T> source, Span<T> target, int planes, int rows, int columns, ReadOnlySpan<int> sourcePlanes, ReadOnlySpan<int> targetPlanes,
        int sourceRow, int sourceColumn, int targetRow, int targetColumn)
    {
        fixed (T* ps = source, pt = target)
        fixed (int* planeS = sourcePlanes, planeT = targetPlanes)
        {
            var body = new Body
            {
                Source = ps, Target = pt, SourcePlanes = planeS, TargetPlanes = planeT, Rows = rows, Columns = columns,
                SourceRow = sourceRow, SourceColumn = sourceColumn, TargetRow = targetRow, TargetColumn = targetColumn,
            };
            long work = (long)planes * rows * columns;
            int items = planes * rows;
            if (work < Unary.Grain) body.Invoke(0, items);
            else WorkerPool.For(items, (int)Math.Max(1, Unary.Grain / 2 / Math.Max(1, columns)), Math.Min(rows, Tile), ref body);
        }
    }

    private struct Body : IRangeBody
    {
        internal T* Source, Target;
        internal int* SourcePlanes, TargetPlanes;
        internal int Rows, Columns, SourceRow, SourceColumn, TargetRow, TargetColumn;

        [MethodImpl(Kernel.Loop)]
        public readonly void Invoke(int start, int end)
        {
            while (start < end)
            {
                int plane = start / Rows, first = start % Rows, count = Math.Min(Rows - first, end - start);
                T* s = Source + (SourcePlanes != null ? SourcePlanes[plane] : 0) + (nint)first * SourceRow;
                T* t = Target + (TargetPlanes != null ? TargetPlanes[plane] : 0) + (nint)first * TargetRow;
                Plane(s, t, count);
                start += count;
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void Plane(T* source, T* target, int rows)
        {
            if (SourceColumn == 1 && TargetColumn == 1)
            {
                for (int row = 0; row < rows; row++) new ReadOnlySpan<T>(source + (nint)row * SourceRow, Columns).CopyTo(new Span<T>(target + (nint)row * TargetRow, Columns));
            }
            else if (SourceColumn == 0 && TargetColumn == 1)
            {
                for (int row = 0; row < rows; row++) new Span<T>(target + (nint)row * TargetRow, Columns).Fill(source[(nint)row * SourceRow]);
            }
            else
            {
                // Tiles keep both sides in cache when one is walked across its grain.
                for (int row = 0; row < rows; row += Tile)
                {
                    int lastRow = Math.Min(rows, row + Tile);
                    for (int column = 0; column < Columns; column += Tile) TileAt(source, target, row, lastRow, column, Math.Min(Columns, column + Tile));
                }
            }
        }

        [MethodImpl(Kernel.Loop)]
        private readonly void TileAt(T* source, T* target, int row, int lastRow, int column, int lastColumn)
        {
            for (int r = row; r < lastRow; r++)
            {
                T* s = source + (nint)r * SourceRow + (nint)column * SourceColumn;
                T* t = target + (nint)r * TargetRow + (nint)column * TargetColumn;
                for (int c = column; c < lastColumn; c++, s += SourceColumn, t += TargetColumn) *t = *s;
            }
        }
    }
}
