namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Activations()
    {
        yield return Unary("Sigmoid", x => x.Sigmoid(), Logistic, -6, 6);
        yield return Unary("Relu", x => x.Relu(), x => Math.Max(x, 0));
        yield return Unary("Relu6", x => x.Relu6(), x => Math.Clamp(x, 0, 6), -4, 10);
        yield return Unary("LeakyRelu", x => x.LeakyRelu(0.2), x => x > 0 ? x : 0.2 * x);
        yield return Unary("Elu", x => x.Elu(1.3), x => x > 0 ? x : 1.3 * (Math.Exp(x) - 1));
        yield return Unary("Celu", x => x.Celu(1.3), x => x > 0 ? x : 1.3 * (Math.Exp(x / 1.3) - 1));
        yield return Unary("Selu", x => x.Selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)));
        yield return Unary("Gelu", x => x.Gelu(), x => x * (1 + Erf(x / Math.Sqrt(2))) / 2) with { Loose = 100 }; // 1 + erf cancels in the reference
        yield return Unary("Gelu", x => x.Gelu(GeluApproximation.Tanh), x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), variant: "tanh") with { Loose = 100 };
        yield return Unary("Silu", x => x.Silu(), x => x * Logistic(x), -6, 6);
        yield return Unary("Mish", x => x.Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))), -6, 6) with { Loose = 10 };
        yield return Unary("Softplus", x => x.Softplus(), x => Math.Log(1 + Math.Exp(x)), -6, 6) with { Loose = 10 };
        yield return Unary("Softplus", x => x.Softplus(2, 5), x => 2 * x > 5 ? x : Math.Log(1 + Math.Exp(2 * x)) / 2, -2, 2, "beta, threshold") with { Loose = 10 };
        yield return Unary("Softsign", x => x.Softsign(), x => x / (1 + Math.Abs(x)));
        yield return Unary("LogSigmoid", x => x.LogSigmoid(), x => -Math.Log(1 + Math.Exp(-x)), -6, 6) with { Loose = 10 };
        yield return Unary("HardSigmoid", x => x.HardSigmoid(), x => Math.Clamp(x / 6 + 0.5, 0, 1), -5, 5);
        yield return Unary("HardTanh", x => x.HardTanh(-0.5, 1.5), x => Math.Clamp(x, -0.5, 1.5));
        yield return Unary("HardSwish", x => x.HardSwish(), x => x * Math.Clamp(x + 3, 0, 6) / 6, -5, 5);
        yield return Unary("HardShrink", x => x.HardShrink(0.6), x => Math.Abs(x) > 0.6 ? x : 0);
        yield return Unary("SoftShrink", x => x.SoftShrink(0.6), x => x > 0.6 ? x - 0.6 : x < -0.6 ? x + 0.6 : 0);
        yield return Unary("TanhShrink", x => x.TanhShrink(), x => x - Math.Tanh(x)) with { Loose = 100 }; // x - tanh x cancels
        yield return Unary("Threshold", x => x.Threshold(0.3, -1), x => x > 0.3 ? x : -1);
        yield return Unary("Heaviside", x => x.Heaviside(), x => x > 0 ? 1 : 0) with { Exact = true, Differentiable = false };
        yield return new("Heaviside", x => x[0].Heaviside(0.5), x => x[0].Map(v => v > 0 ? 1 : v == 0 ? 0.5 : 0)) { Variant = "at zero", Exact = true, Differentiable = false, Samples = [Exactly([0, -0.0, 1e-30, -1e-30, 5])] };
        yield return new("Sign", x => x[0].Sign(), x => x[0].Map(v => double.IsNaN(v) ? v : Math.Sign(v))) { Exact = true, Differentiable = false, Samples = [.. UnarySamples(), Exactly([0, -0.0, 1e-30, double.NegativeInfinity])], Large = LargeUnary() };
        yield return new("Prelu", x => x[0].Prelu(x[1]), x => RefArray.Build(x[0].Shape, i => x[0][i] > 0 ? x[0][i] : x[0][i] * x[1][x[1].Values.Length == 1 ? 0 : i[1]]))
        {
            Samples = [Of([2, 3], [3]), Of([2, 3], [1]), Of([5], [1]), Of([2, 3, 4], [3]), Of([0, 3], [3])], Large = Of([40, 32, 40], [32]),
            Errors = [new(() => Tensor.Zeros(2, 3).Prelu(Tensor.Zeros(2)), "Prelu: the weight must hold 1 number or one per channel (axis 1, 3)")],
        };
        yield return new("Maxout", x => x[0].Maxout(2), x => RefArray.Build([.. x[0].Shape[..^1], x[0].Shape[^1] / 2], i => Math.Max(x[0][[.. i[..^1], 2 * i[^1]]], x[0][[.. i[..^1], 2 * i[^1] + 1]])))
        {
            Exact = true, Samples = [Of([2, 4]), Of([6]), Of([2, 3, 34]), Of([0, 4])], Errors = [new(() => Tensor.Zeros(2, 3).Maxout(2), "Maxout: axis 1 of [2, 3] does not divide into groups of 2")],
        };
        yield return new("Glu", x => x[0].Glu(), x => RefArray.Build([.. x[0].Shape[..^1], x[0].Shape[^1] / 2], i => x[0][i] * Logistic(x[0][[.. i[..^1], i[^1] + x[0].Shape[^1] / 2]])))
        {
            Samples = [Of([2, 4]), Of([6]), Of([2, 3, 34]), Of([0, 4])], Errors = [new(() => Tensor.Zeros(2, 3).Glu(), "Glu: axis 1 of [2, 3] must have an even length")],
        };
        foreach (int axis in (int[])[-1, 0])
        {
            yield return new("Softmax", x => x[0].Softmax(axis), x => x[0].Lines(axis, SoftmaxOf)) { Variant = $"axis {axis}", Samples = [.. Lengths.Select(n => Of([n])), Of([2, 3]), Of([3, 4, 2]), Of([0, 3]), Of([5, 67])], Large = Of([300, 211]) };
            yield return new("LogSoftmax", x => x[0].LogSoftmax(axis), x => x[0].Lines(axis, line => [.. SoftmaxOf(line).Select(p => Math.Log(p))])) { Variant = $"axis {axis}", Samples = [.. Lengths.Select(n => Of([n])), Of([2, 3]), Of([3, 4, 2]), Of([0, 3]), Of([5, 67])], Large = Of([300, 211]) };
        }
        yield return new("Softmax", x => x[0].Softmax(), x => x[0].Lines(-1, SoftmaxOf)) { Variant = "edges", Differentiable = false, Samples = EdgeLines, Errors = [new(() => Tensor.Zeros(2).Softmax(1), "Softmax", "axis 1 does not exist in [2]")] };
        yield return new("LogSoftmax", x => x[0].LogSoftmax(), x => x[0].Lines(-1, line =>
        {
            double top = line.Max();
            return [.. line.Select(v => v - top - Math.Log(line.Sum(w => Math.Exp(w - top))))];
        })) { Variant = "edges", Differentiable = false, Samples = EdgeLines };
    }

    /// <summary>Far beyond where eˣ overflows, masks, and what has no distribution.</summary>
    private static OpSample[] EdgeLines =>
        [Exactly([1e4, -1e4, 0]), Exactly([1e4, 1e4]), Exactly([-1e4, -1e4, -1e4]), Exactly([double.NegativeInfinity, 1, 2]), Exactly([3.0]), Exactly([double.NegativeInfinity, double.NegativeInfinity]), Exactly([1, double.NaN, 2])];

    private static double[] SoftmaxOf(double[] line)
    {
        if (line.Length == 0) return line;
        double top = line.Max();
        double[] powers = [.. line.Select(v => Math.Exp(v - top))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
