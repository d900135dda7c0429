namespace Cajal.Tests.Ops;

public static partial class OpTable
{
    /// <summary>Steps have no slope: their gradient is zero, which central differences confirm away from the jumps.</summary>
    [OpFamily]
    private static IEnumerable<OpRow> Elementary()
    {
        yield return Unary("Exp", x => x.Exp(), Math.Exp);
        yield return Unary("Expm1", x => x.Expm1(), x => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1) with { Loose = 10 }; // the reference cancels near 0
        yield return Unary("Log", x => x.Log(), Math.Log, 0.1, 5);
        yield return Unary("Log1p", x => x.Log1p(), x => Math.Log(1 + x), -0.8, 4) with { Loose = 10 }; // the reference rounds 1 + x
        yield return Unary("Log2", x => x.Log2(), Math.Log2, 0.1, 5);
        yield return Unary("Log10", x => x.Log10(), Math.Log10, 0.1, 5);
        yield return Unary("Sqrt", x => x.Sqrt(), Math.Sqrt, 0.1, 5);
        yield return Unary("Rsqrt", x => x.Rsqrt(), x => 1 / Math.Sqrt(x), 0.1, 5);
        yield return Unary("Reciprocal", x => x.Reciprocal(), x => 1 / x, 0.2, 4);
        yield return Unary("Abs", x => x.Abs(), Math.Abs);
        yield return Unary("Sin", x => x.Sin(), Math.Sin, -7, 7);
        yield return Unary("Cos", x => x.Cos(), Math.Cos, -7, 7);
        yield return Unary("Tan", x => x.Tan(), Math.Tan, -1.3, 1.3);
        yield return Unary("Asin", x => x.Asin(), Math.Asin, -0.9, 0.9);
        yield return Unary("Acos", x => x.Acos(), Math.Acos, -0.9, 0.9);
        yield return Unary("Atan", x => x.Atan(), Math.Atan, -5, 5);
        yield return Unary("Sinh", x => x.Sinh(), Math.Sinh);
        yield return Unary("Cosh", x => x.Cosh(), Math.Cosh);
        yield return Unary("Tanh", x => x.Tanh(), Math.Tanh);
        yield return Unary("Asinh", x => x.Asinh(), Math.Asinh, -5, 5);
        yield return Unary("Acosh", x => x.Acosh(), Math.Acosh, 1.2, 5);
        yield return Unary("Atanh", x => x.Atanh(), Math.Atanh, -0.9, 0.9);
        yield return Unary("Erf", x => x.Erf(), Erf);
        yield return Unary("Erfc", x => x.Erfc(), x => 1 - Erf(x)) with { Loose = 100 }; // 1 - erf cancels in the reference
        yield return Unary("NormalCdf", x => x.NormalCdf(), x => (1 + Erf(x / Math.Sqrt(2))) / 2) with { Loose = 100 }; // so does 1 + erf
        yield return Unary("Floor", x => x.Floor(), Math.Floor, -9, 9) with { Exact = true, Differentiable = false };
        yield return Unary("Ceiling", x => x.Ceiling(), Math.Ceiling, -9, 9) with { Exact = true, Differentiable = false };
        yield return Unary("Truncate", x => x.Truncate(), Math.Truncate, -9, 9) with { Exact = true, Differentiable = false };
        yield return Unary("Round", x => x.Round(), Math.Round, -9, 9) with { Exact = true, Differentiable = false };
        yield return new("Round", x => x[0].Round(), x => x[0].Map(Math.Round)) { Variant = "ties", Exact = true, Differentiable = false, Samples = [Exactly([0.5, 1.5, 2.5, -0.5, -1.5, 8_388_609, -0.0])] };
        yield return Unary("Clamp", x => x.Clamp(-0.7, 1.1), x => Math.Clamp(x, -0.7, 1.1)) with
        {
            Errors = [new(() => Tensor.Zeros(2).Clamp(1, 0), "Clamp: min (1) must not be above max (0)")],
        };
        foreach (double exponent in (double[])[0, 1, 2, 3, 0.5, -1, -2, 1.7])
        {
            bool whole = exponent == Math.Floor(exponent);
            yield return Unary("Pow", x => x.Pow(exponent), x => Math.Pow(x, exponent), whole && exponent >= 0 ? -2 : 0.2, 2, $"x^{exponent}") with { Loose = 10 };
        }
        yield return Binary("Pow", x => x[0].Pow(x[1]), Math.Pow, 0.3, 2, "tensor, tensor") with { Loose = 10 };
        yield return Unary("Pow", x => Tensor.Pow(1.7, x), x => Math.Pow(1.7, x), variant: "number, tensor") with { Loose = 10 };
        yield return Binary("Atan2", x => Tensor.Atan2(x[0], x[1]), Math.Atan2, 0.3, 2);
        yield return new("Atan2", x => Tensor.Atan2(x[0], x[1]), x => RefArray.Zip(x[0], x[1], Math.Atan2))
        {
            Variant = "quadrants", Differentiable = false, Samples = [Exactly([1, 1, -1, -1, 0, 0, 1, -1], [1, -1, -1, 1, 1, -1, 0, 0])],
        };
        yield return Binary("Hypot", x => Tensor.Hypot(x[0], x[1]), (a, b) => Math.Sqrt(a * a + b * b), 0.3, 2);
        yield return new("Hypot", x => Tensor.Hypot(x[0], x[1]), x => RefArray.Zip(x[0], x[1], (a, b) => Math.Max(Math.Abs(a), Math.Abs(b)) * (a == b ? Math.Sqrt(2) : 1)))
        {
            Variant = "large", Differentiable = false, Samples = [Exactly([1e30, 0, -3e18], [1e30, 7, -3e18])],
        };
        yield return Truths("IsNaN", x => x.IsNaN(), double.IsNaN);
        yield return Truths("IsInfinite", x => x.IsInfinite(), double.IsInfinity);
        yield return Truths("IsFinite", x => x.IsFinite(), double.IsFinite);
        yield return new("AllClose", x => Tensor.Scalar(x[0].AllClose(x[1], 1e-3, 1e-6)), x => RefArray.Scalar(RefArray.Zip(x[0], x[1], (a, b) => Math.Abs(a - b) <= 1e-6 + 1e-3 * Math.Abs(b) ? 1 : 0).Values.All(v => v == 1) ? 1 : 0))
        {
            Exact = true, Differentiable = false, Result = DType.Bool,
            Samples = [Exactly([1, 2], [1.0005, 2]), Exactly([1, 2], [1.005, 2]), Exactly([0.0], [1e-5]), Exactly([], []), Exactly([double.NaN], [double.NaN])],
        };
        yield return new("Exp", x => x[0].Exp(), x => x[0].Map(Math.Exp)) { Variant = "edges", Differentiable = false, Samples = [Exactly([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e4, -1e4, 0])] };
        yield return new("Log", x => x[0].Log(), x => x[0].Map(Math.Log)) { Variant = "edges", Differentiable = false, Samples = [Exactly([double.NaN, double.PositiveInfinity, 0, -1, 1])] };
        yield return new("Tanh", x => x[0].Tanh(), x => x[0].Map(Math.Tanh)) { Variant = "edges", Differentiable = false, Samples = [Exactly([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e4, -1e4, 1e-20])] };
    }

    /// <summary>2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms have one sign, so nothing cancels.</summary>
    private static double Erf(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n < 400 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++) sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static OpRow Truths(string name, Func<Tensor, Tensor> apply, Func<double, bool> reference) => new(name, x => apply(x[0]), x => x[0].Map(a => reference(a) ? 1 : 0))
    {
        Exact = true, Differentiable = false, Result = DType.Bool, Samples = [Exactly(Edges), .. Lengths.Select(n => Of([n])), Of([3, 5])],
    };
}
