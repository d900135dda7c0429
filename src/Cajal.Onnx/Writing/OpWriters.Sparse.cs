using Cajal.Autodiff;

namespace Cajal.Onnx;

internal static partial class OpWriters
{
    private static void AddSparse(Dictionary<string, Func<Emission, string>> all) => all["SparseMatMul"] = SparseMatMul;

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
}
