using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <content>Activations.</content>
internal static partial class OpWriters
{
    private const double GeluRate = 1.5957691216057308, GeluCubic = 0.044715; // 2√(2/π), as in the op

    private static void AddActivations(Dictionary<string, Func<Emission, string>> all)
    {
        foreach (string name in new[] { "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "HardSwish" }) all[name] = op => op.Node(name, [op[0]]);
        all["LeakyRelu"] = static op => op.Node("LeakyRelu", [op[0]], ("alpha", (float)op.Details<(Saved, double Slope)>().Slope));
        all["Elu"] = static op => op.Node("Elu", [op[0]], ("alpha", (float)op.Details<(Saved, double, double Below, double)>().Below));
        all["Celu"] = static op => op.Node("Celu", [op[0]], ("alpha", (float)(1 / op.Details<(Saved, double, double, double Rate)>().Rate)));
        all["Selu"] = static op => op.Node("Selu", [op[0]]);
        all["HardSigmoid"] = static op => op.Node("HardSigmoid", [op[0]], ("alpha", 1 / 6f), ("beta", 0.5f));
        all["HardShrink"] = static op => op.Node("Shrink", [op[0]], ("lambd", (float)op.Details<(Saved, double Lambda)>().Lambda), ("bias", 0f));
        all["SoftShrink"] = static op => op.Node("Shrink", [op[0]], ("lambd", (float)op.Details<(Saved, double Lambda)>().Lambda), ("bias", (float)op.Details<(Saved, double Lambda)>().Lambda));
        all["Clamp"] = all["HardTanh"] = Clamp;
        all["Threshold"] = static op =>
        {
            var (_, threshold, value) = op.Details<(Saved, double Threshold, double Value)>();
            return op.Node("Where", [op.Node("Greater", [op[0], op.Scalar(threshold)]), op[0], op.Scalar(value)]);
        };
        all["Heaviside"] = static op =>
        {
            var (_, _, atZero) = op.Details<(Saved, Surrogate, double AtZero)>();
            string zero = op.Scalar(0), negative = op.Node("Where", [op.Node("Equal", [op[0], zero]), op.Scalar(atZero), zero]);
            return op.Node("Where", [op.Node("Greater", [op[0], zero]), op.Scalar(1), negative]);
        };
        all["Silu"] = static op => op.Node("Mul", [op[0], op.Node("Sigmoid", [op[0]])]);
        all["Mish"] = static op => op.Node("Mul", [op[0], op.Node("Tanh", [op.Node("Softplus", [op[0]])])]);
        all["LogSigmoid"] = static op => op.Node("Neg", [op.Node("Softplus", [op.Node("Neg", [op[0]])])]);
        all["Gelu"] = static op => op.Node("Mul", [op[0], NormalCdf(op)]);
        all["GeluTanh"] = static op =>
        {
            string square = op.Node("Mul", [op[0], op[0]]), cubic = op.Node("Add", [op.Node("Mul", [square, op.Scalar(GeluCubic)]), op.Scalar(1)]);
            return op.Node("Mul", [op[0], op.Node("Sigmoid", [op.Node("Mul", [op.Node("Mul", [op[0], cubic]), op.Scalar(GeluRate)])])]);
        };
        foreach (string name in new[] { "Softmax", "LogSoftmax" }) all[name] = op => op.Node(name, [op[0]], ("axis", (long)op.Details<(Saved, int Axis)>().Axis));
    }

    /// <summary>An infinite limit limits nothing and is left out.</summary>
    private static string Clamp(Emission op)
    {
        var (_, least, most) = op.Details<(Saved, double Min, double Max)>();
        return op.Node("Clip", [op[0], double.IsInfinity(least) ? "" : op.Scalar(least), double.IsInfinity(most) ? "" : op.Scalar(most)]);
    }
}
