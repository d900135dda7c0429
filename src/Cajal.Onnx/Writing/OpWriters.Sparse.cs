using Cajal.Autodiff;

namespace Cajal.Onnx;

internal static partial class OpWriters
{
    private static void AddSparse(Dictionary<string, Func<Emission, string>> all)
    {
        all["SparseMatMul"] = SparseMatMul;
        all["SparseSoftmax"] = SparseSoftmax;
    }

    /// <summary>Rows are gathered by column, weighed, and added up by row; the pattern is constant in the file.</summary>
    private static string SparseMatMul(Emission op)
    {
        var (pattern, _, _, each) = op.Details<(SparsePattern Pattern, Saved Values, Saved X, int Heads)>();
        int heads = Math.Max(1, each), width = op.Output.Dims[1];
        string gathered = op.Node("Gather", [op[1], op.Writer.Constant(pattern.Columns, "columns")], ("axis", 0L));
        string perHead = op.Node("Reshape", [gathered, op.Writer.Longs(pattern.Count, heads, width / heads)]);
        string weighed = op.Node("Mul", [perHead, op.Node("Reshape", [op[0], op.Writer.Longs(pattern.Count, heads, 1)])]);
        string rows = op.Node("Reshape", [weighed, op.Writer.Longs(pattern.Count, width)]);
        var nothing = Tensor.Zeros(new Shape(op.Output.Dims), op.DType);
        return op.Node("ScatterND", [op.Writer.Constant(nothing, "zeros"), op.Writer.Constant(pattern.Rows.Cast(DType.Int64).Unsqueeze(1), "rows"), rows], ("reduction", "add"));
    }

    /// <summary>The entries of each row are gathered into a row of the longest one's length, whose empty places count for nothing, and go back to where they were.</summary>
    private static string SparseSoftmax(Emission op)
    {
        var (pattern, _) = op.Details<(SparsePattern Pattern, Saved P)>();
        int heads = op.Output.Rank > 1 ? op.Output.Dims[1] : 1, longest = 0;
        var starts = pattern.RowStarts;
        for (int row = 0; row < pattern.RowCount; row++) longest = Math.Max(longest, starts[row + 1] - starts[row]);
        if (longest == 0) return op.Node("Identity", [op[0]]);
        var (entries, places) = (new long[pattern.RowCount * longest], new long[pattern.Count]);
        var empty = new double[entries.Length];
        for (int row = 0; row < pattern.RowCount; row++)
        {
            int length = starts[row + 1] - starts[row];
            // A row without entries is never read again.
            if (length > 0) empty.AsSpan(row * longest + length, longest - length).Fill(double.NegativeInfinity);
            for (int k = 0; k < length; k++)
            {
                entries[row * longest + k] = starts[row] + k;
                places[starts[row] + k] = row * longest + k;
            }
        }
        string each = op.Node("Reshape", [op[0], op.Writer.Longs(pattern.Count, heads)]);
        string gathered = op.Node("Gather", [each, op.Writer.Constant(Tensor.From(entries, pattern.RowCount, longest), "entries")], ("axis", 0L));
        string masked = op.Node("Add", [gathered, op.Writer.Constant(Tensor.From(empty, pattern.RowCount, longest, 1).Cast(op.DType), "empty")]);
        string shares = op.Node("Reshape", [op.Node("Softmax", [masked], ("axis", 1L)), op.Writer.Longs(-1, heads)]);
        string back = op.Node("Gather", [shares, op.Writer.Constant(Tensor.From(places, places.Length), "places")], ("axis", 0L));
        return op.Node("Reshape", [back, op.Writer.Longs([.. op.Output.Dims.Select(length => (long)length)])]);
    }
}
