namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    [OpFamily]
    private static IEnumerable<OpRow> Arithmetic()
    {
        yield return Binary("operator +", x => x[0] + x[1], (a, b) => a + b);
        yield return Unary("operator +", x => x + 1.5, x => x + 1.5, variant: "tensor, number");
        yield return Unary("operator +", x => 1.5 + x, x => 1.5 + x, variant: "number, tensor");
        yield return Binary("operator -", x => x[0] - x[1], (a, b) => a - b);
        yield return Unary("operator -", x => x - 1.5, x => x - 1.5, variant: "tensor, number");
        yield return Unary("operator -", x => 1.5 - x, x => 1.5 - x, variant: "number, tensor");
        yield return Binary("operator *", x => x[0] * x[1], (a, b) => a * b);
        yield return Unary("operator *", x => x * -0.75, x => x * -0.75, variant: "tensor, number");
        yield return Unary("operator *", x => -0.75 * x, x => x * -0.75, variant: "number, tensor");
        yield return Binary("operator /", x => x[0] / x[1], (a, b) => a / b, 0.5, 3);
        yield return Unary("operator /", x => x / 3, x => x / 3, variant: "tensor, number");
        yield return Unary("operator /", x => 3 / x, x => 3 / x, -4, -0.5, "number, tensor");
        yield return Unary("operator -x", x => -x, x => -x);
        yield return Unary("Square", x => x.Square(), x => x * x);
        yield return Binary("Lerp", x => x[0].Lerp(x[1], 0.3), (a, b) => a + 0.3 * (b - a));
        yield return new("Lerp", x => x[0].Lerp(x[1], x[2]), x => RefArray.Zip(x[0], RefArray.Zip(RefArray.Zip(x[1], x[0], (b, a) => b - a), x[2], (d, w) => d * w), (a, move) => a + move))
        {
            Variant = "weights", Samples = [Of([5], [5], [5]), Of([2, 3], [3], [2, 1]), Of([17], [17], []), Of([0], [0], [0])],
        };
    }

    /// <summary>An elementwise op of one input, tried on [low, high).</summary>
    internal static OpRow Unary(string name, Func<Tensor, Tensor> apply, Func<double, double> reference, double low = -2, double high = 2, string variant = "") =>
        new(name, x => apply(x[0]), x => x[0].Map(reference)) { Variant = variant, Samples = UnarySamples(low, high), Large = LargeUnary(low, high) };

    /// <summary>An elementwise op of two inputs, both tried on [low, high).</summary>
    internal static OpRow Binary(string name, Func<Tensor[], Tensor> apply, Func<double, double, double> reference, double low = -2, double high = 2, string variant = "") =>
        new(name, apply, x => RefArray.Zip(x[0], x[1], reference))
        {
            Variant = variant, Samples = BinarySamples(low, high), Large = LargeBinary(low, high),
            Errors = [new(() => apply([Tensor.Zeros(2, 3), Tensor.Zeros(4)]), "[2, 3]", "[4]", "axis -1")],
        };
}
