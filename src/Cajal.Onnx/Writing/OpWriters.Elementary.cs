using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <content>Arithmetic, comparisons and elementary functions.</content>
internal static partial class OpWriters
{
    private static void AddElementary(Dictionary<string, Func<Emission, string>> all)
    {
        foreach (string name in new[] { "Exp", "Log", "Sqrt", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Abs", "Floor", "Round", "Erf", "Reciprocal", "Sign", "Identity", "Add" })
            all[name] = Same(name);
        all["Clone"] = Same("Identity");
        all["Negate"] = Same("Neg");
        all["Ceiling"] = Same("Ceil");
        all["Subtract"] = Same("Sub");
        all["Multiply"] = Same("Mul");
        all["Divide"] = Same("Div");
        all["Maximum"] = Same("Max");
        all["Minimum"] = Same("Min");
        all["equal"] = Same("Equal");
        all["less"] = Same("Less");
        all["less_or_equal"] = Same("LessOrEqual");
        all["Square"] = static op => op.Node("Mul", [op[0], op[0]]);
        all["Rsqrt"] = static op => op.Node("Reciprocal", [op.Node("Sqrt", [op[0]])]);
        all["Log1p"] = static op => op.Node("Log", [op.Node("Add", [op[0], op.Scalar(1)])]);
        all["Expm1"] = static op => op.Node("Sub", [op.Node("Exp", [op[0]]), op.Scalar(1)]);
        all["Log2"] = static op => op.Node("Mul", [op.Node("Log", [op[0]]), op.Scalar(1 / Math.Log(2))]);
        all["Log10"] = static op => op.Node("Mul", [op.Node("Log", [op[0]]), op.Scalar(1 / Math.Log(10))]);
        all["Erfc"] = static op => op.Node("Sub", [op.Scalar(1), op.Node("Erf", [op[0]])]);
        all["Truncate"] = static op => op.Node("Mul", [op.Node("Sign", [op[0]]), op.Node("Floor", [op.Node("Abs", [op[0]])])]);
        all["Hypot"] = static op => op.Node("Sqrt", [op.Node("Add", [op.Node("Mul", [op[0], op[0]]), op.Node("Mul", [op[1], op[1]])])]);
        all["NormalCdf"] = NormalCdf;
        all["Pow"] = static op => op.Has(1) ? op.Node("Pow", [op[0], op[1]]) : op.Node("Pow", [op[0], op.Scalar(op.Details<(Saved, double Exponent)>().Exponent)]);
        all["Where"] = static op => op.Node("Where", [AsBool(op, op[0], op.Tensor(0)), As(op, 1), As(op, 2)]);
        all["KeepWhere"] = static op => op.Node("Where", [AsBool(op, op[1], op.Tensor(1)), op[0], op.Scalar(0)]);
        all["Cast"] = static op => op.Node("Cast", [op[0]], ("to", (long)Elements.Of(op.DType)));

        static Func<Emission, string> Same(string name) => op =>
        {
            var inputs = new string[op.Record.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++) inputs[i] = op[i];
            return op.Node(name, inputs);
        };
    }

    /// <summary>An input in the dtype of the result: a choice may have widened one side.</summary>
    private static string As(Emission op, int input) =>
        op.Tensor(input).DType == op.DType ? op[input] : op.Node("Cast", [op[input]], ("to", (long)Elements.Of(op.DType)));

    private static string AsBool(Emission op, string name, Tensor tensor) =>
        tensor.DType == DType.Bool ? name : op.Node("Cast", [name], ("to", (long)OnnxElement.Bool));

    /// <summary>Φ(x) = (1 + erf(x / √2)) / 2.</summary>
    private static string NormalCdf(Emission op) =>
        op.Node("Mul", [op.Node("Add", [op.Node("Erf", [op.Node("Mul", [op[0], op.Scalar(Math.Sqrt(0.5))])]), op.Scalar(1)]), op.Scalar(0.5)]);
}
