namespace Cajal;

/// <summary>
/// Where the entries of a sparse matrix [rows, columns] stand, row by row ("compressed sparse rows"). Their values are an ordinary tensor [entries], in the order of
/// <see cref="Columns"/>, so gradients reach them like any other. Immutable; safe to share between threads.
/// </summary>
public sealed class SparsePattern
{
    private readonly int[] rowStarts, columns;
    private readonly Lazy<(SparsePattern Pattern, Tensor Order)> turned;

    private SparsePattern(int rowCount, int columnCount, int[] rowStarts, int[] columns)
    {
        (RowCount, ColumnCount, this.rowStarts, this.columns) = (rowCount, columnCount, rowStarts, columns);
        Rows = Tensor.From(RowOfEach(rowStarts), columns.Length);
        Columns = Tensor.From(columns, columns.Length);
        turned = new(Turn);
    }

    /// <summary>Rows of the matrix.</summary>
    public int RowCount { get; }

    /// <summary>Columns of the matrix.</summary>
    public int ColumnCount { get; }

    /// <summary>Entries that may differ from zero.</summary>
    public int Count => columns.Length;

    /// <summary>Where each row begins among the entries, and at last their number: rows + 1 numbers.</summary>
    public ReadOnlySpan<int> RowStarts => rowStarts;

    /// <summary>The row of every entry, ascending: Int32 [entries].</summary>
    public Tensor Rows { get; }

    /// <summary>The column of every entry, ascending within a row: Int32 [entries].</summary>
    public Tensor Columns { get; }

    /// <summary>The pattern of the transposed matrix.</summary>
    public SparsePattern Transposed => turned.Value.Pattern;

    internal ReadOnlySpan<int> ColumnNumbers => columns;

    /// <summary>Makes a pattern of entries in any order.</summary>
    /// <param name="rowCount">Rows of the matrix.</param>
    /// <param name="columnCount">Columns of the matrix.</param>
    /// <param name="entries">Each place at most once.</param>
    /// <exception cref="ArgumentException">A place lies outside the matrix or is named twice.</exception>
    public static SparsePattern From(int rowCount, int columnCount, ReadOnlySpan<(int Row, int Column)> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        foreach (var (row, column) in entries)
        {
            if ((uint)row >= (uint)rowCount || (uint)column >= (uint)columnCount)
                throw new ArgumentException($"SparsePattern: the entry ({row}, {column}) lies outside a matrix of {rowCount} x {columnCount}.", nameof(entries));
        }
        var sorted = entries.ToArray();
        Array.Sort(sorted);
        var (starts, columns) = (new int[rowCount + 1], new int[sorted.Length]);
        for (int e = 0; e < sorted.Length; e++)
        {
            if (e > 0 && sorted[e] == sorted[e - 1]) throw new ArgumentException($"SparsePattern: the entry ({sorted[e].Row}, {sorted[e].Column}) is named twice. Add the two values and name it once.", nameof(entries));
            starts[sorted[e].Row + 1]++;
            columns[e] = sorted[e].Column;
        }
        for (int row = 0; row < rowCount; row++) starts[row + 1] += starts[row];
        return new(rowCount, columnCount, starts, columns);
    }

    /// <summary>Values [entries, ...] in the order of <see cref="Transposed"/>.</summary>
    /// <exception cref="ShapeException">There is not one value, or row of values, for each entry.</exception>
    public Tensor Transpose(Tensor values) =>
        values.Rank > 0 && values.Dims[0] == Count ? TensorOps.TakeRows(values, 0, turned.Value.Order)
        : throw new ShapeException($"Transpose: the first axis of values must be {Count} long, the entries of the pattern, but values are {values.Shape}.");

    /// <summary>The matrix with these values [entries], zeros included: [rows, columns].</summary>
    public Tensor ToDense(Tensor values)
    {
        TensorOps.HeadsOf(this, values, "ToDense");
        return Tensor.SparseMatMul(this, values, Tensor.Eye(ColumnCount, values.DType));
    }

    /// <summary>Size and number of entries.</summary>
    public override string ToString() => $"SparsePattern({RowCount} x {ColumnCount}, {Count} entries)";

    private static int[] RowOfEach(int[] rowStarts)
    {
        var rows = new int[rowStarts[^1]];
        for (int row = 0; row + 1 < rowStarts.Length; row++) rows.AsSpan(rowStarts[row]..rowStarts[row + 1]).Fill(row);
        return rows;
    }

    private (SparsePattern Pattern, Tensor Order) Turn()
    {
        // Entries are visited by rising row, so each column of the transposed matrix comes out sorted.
        var (starts, rows, order) = (new int[ColumnCount + 1], new int[Count], new int[Count]);
        foreach (int column in columns) starts[column + 1]++;
        for (int column = 0; column < ColumnCount; column++) starts[column + 1] += starts[column];
        int[] next = [.. starts];
        for (int row = 0; row < RowCount; row++)
        {
            for (int e = rowStarts[row]; e < rowStarts[row + 1]; e++)
            {
                int place = next[columns[e]]++;
                (rows[place], order[place]) = (row, e);
            }
        }
        return (new(ColumnCount, RowCount, starts, rows), Tensor.From(order, order.Length));
    }
}
