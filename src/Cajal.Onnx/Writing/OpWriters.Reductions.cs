using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <content>Reductions, which keep their axes on the tape, and running sums.</content>
internal static partial class OpWriters
{
    private static void AddReductions(Dictionary<string, Func<Emission, string>> all)
    {
        // Since opset 13 the axes of ReduceSum are an input; of the others they are an attribute until 18.
        all["Sum"] = static op => op.Shrunk() is { Length: > 0 } axes
            ? op.Node("ReduceSum", [op[0], op.Writer.Longs([.. axes.Select(axis => (long)axis)])], ("keepdims", 1L))
            : op.Node("Identity", [op[0]]);
        all["Max"] = static op => Reduced(op, "ReduceMax");
        all["Min"] = static op => Reduced(op, "ReduceMin");
        all["Prod"] = static op => Reduced(op, "ReduceProd");
        all["LogSumExp"] = static op => Reduced(op, "ReduceLogSumExp");
        all["CumSum"] = static op =>
        {
            var (axis, fromEnd) = op.Details<(int Axis, bool FromEnd)>();
            return op.Node("CumSum", [op[0], op.Writer.Scalar(axis, DType.Int64)], ("reverse", fromEnd ? 1L : 0L));
        };
        all["Var"] = static op =>
        {
            var (_, _, freedom) = op.Details<(Saved, int[] Axes, double Freedom)>();
            string centred = op.Node("Sub", [op[0], op.Node("ReduceMean", [op[0]], ("axes", op.Shrunk()), ("keepdims", 1L))]);
            string squares = op.Node("ReduceSum", [op.Node("Mul", [centred, centred]), op.Writer.Longs([.. op.Shrunk().Select(axis => (long)axis)])], ("keepdims", 1L));
            return op.Node("Div", [squares, op.Scalar(freedom)]);
        };
        all["Root"] = static op => op.Details<(Saved, double P)>().P is var p && p == 2 ? op.Node("Sqrt", [op[0]]) : op.Node("Pow", [op[0], op.Scalar(1 / p)]);
    }

    private static string Reduced(Emission op, string name) =>
        op.Shrunk() is { Length: > 0 } axes ? op.Node(name, [op[0]], ("axes", axes), ("keepdims", 1L)) : op.Node("Identity", [op[0]]);
}
