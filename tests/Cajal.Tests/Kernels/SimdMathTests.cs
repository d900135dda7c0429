using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Every function of one variable against <see cref="Math"/>: floats in fractions of an ULP, doubles within stated ULPs.</summary>
public sealed class SimdMathTests
{
    private sealed record Case(
        Func<Vector<float>, Vector<float>> Single, Func<Vector<double>, Vector<double>> Double, Func<double, double> Exact,
        double Low, double High, double SingleUlp, double DoubleUlp);

    private const double Max = double.MaxValue;

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["Exp"] = new(Simd.Exp, Simd.Exp, Math.Exp, -800, 800, 1.1, 1),
        ["Expm1"] = new(Simd.Expm1, Simd.Expm1, Expm1, -800, 800, 1.6, 3),
        ["Log"] = new(Simd.Log, Simd.Log, Math.Log, -Max, Max, 1, 1),
        ["Log1p"] = new(Simd.Log1p, Simd.Log1p, Log1p, -2, Max, 1.3, 2),
        ["Log2"] = new(Simd.Log2, Simd.Log2, Math.Log2, -Max, Max, 1.4, 1),
        ["Log10"] = new(Simd.Log10, Simd.Log10, Math.Log10, -Max, Max, 1.5, 1),
        ["Tanh"] = new(Simd.Tanh, Simd.Tanh, Math.Tanh, -Max, Max, 2.5, 3),
        ["TanhMiddle"] = new(Simd.Tanh, Simd.Tanh, Math.Tanh, -25, 25, 2.5, 3),
        ["Sigmoid"] = new(Simd.Sigmoid, Simd.Sigmoid, Sigmoid, -1e4, 1e4, 2.3, 2),
        ["SigmoidMiddle"] = new(Simd.Sigmoid, Simd.Sigmoid, Sigmoid, -60, 60, 2.3, 2),
        ["Softplus"] = new(Simd.Softplus, Simd.Softplus, Softplus, -1e4, 1e4, 1.6, 3),
        ["SoftplusMiddle"] = new(Simd.Softplus, Simd.Softplus, Softplus, -60, 60, 1.6, 3),
        ["Sin"] = new(Simd.Sin, Simd.Sin, Math.Sin, -Max, Max, 1.5, 1),
        ["SinMiddle"] = new(Simd.Sin, Simd.Sin, Math.Sin, -100, 100, 1.5, 1),
        ["SinFar"] = new(Simd.Sin, Simd.Sin, Math.Sin, -2e6, 2e6, 1.5, 1),
        ["Cos"] = new(Simd.Cos, Simd.Cos, Math.Cos, -Max, Max, 1.4, 1),
        ["CosMiddle"] = new(Simd.Cos, Simd.Cos, Math.Cos, -100, 100, 1.4, 1),
        ["CosFar"] = new(Simd.Cos, Simd.Cos, Math.Cos, -2e6, 2e6, 1.4, 1),
        ["Tan"] = new(Simd.Tan, Simd.Tan, Math.Tan, -Max, Max, 3, 2),
        ["TanMiddle"] = new(Simd.Tan, Simd.Tan, Math.Tan, -100, 100, 3, 2),
        ["Asin"] = new(Simd.Asin, Simd.Asin, Math.Asin, -1.5, 1.5, 1.8, 2),
        ["Acos"] = new(Simd.Acos, Simd.Acos, Math.Acos, -1.5, 1.5, 1.3, 1),
        ["Atan"] = new(Simd.Atan, Simd.Atan, Math.Atan, -Max, Max, 1.6, 2),
        ["AtanMiddle"] = new(Simd.Atan, Simd.Atan, Math.Atan, -4, 4, 1.6, 2),
        ["Sinh"] = new(Simd.Sinh, Simd.Sinh, Math.Sinh, -800, 800, 2.7, 3),
        ["SinhMiddle"] = new(Simd.Sinh, Simd.Sinh, Math.Sinh, -50, 50, 2.7, 3),
        ["Cosh"] = new(Simd.Cosh, Simd.Cosh, Math.Cosh, -800, 800, 2.6, 3),
        ["Asinh"] = new(Simd.Asinh, Simd.Asinh, Math.Asinh, -Max, Max, 1.6, 1),
        ["AsinhMiddle"] = new(Simd.Asinh, Simd.Asinh, Math.Asinh, -9, 9, 1.6, 1),
        ["Acosh"] = new(Simd.Acosh, Simd.Acosh, Math.Acosh, -2, Max, 1.8, 2),
        ["AcoshMiddle"] = new(Simd.Acosh, Simd.Acosh, Math.Acosh, 0.5, 9, 1.8, 2),
        ["Atanh"] = new(Simd.Atanh, Simd.Atanh, Math.Atanh, -1.5, 1.5, 1.9, 2),
        ["Sqrt"] = new(Simd.Sqrt, Simd.Sqrt, Math.Sqrt, -1, Max, 0.5, 0),
        ["Rsqrt"] = new(Simd.Rsqrt, Simd.Rsqrt, x => 1 / Math.Sqrt(x), -1, Max, 1.5, 0),
        ["Floor"] = new(Simd.Floor, Simd.Floor, Math.Floor, -1e9, 1e9, 0, 0),
        ["Ceiling"] = new(Simd.Ceiling, Simd.Ceiling, Math.Ceiling, -1e9, 1e9, 0, 0),
        ["Round"] = new(Simd.Round, Simd.Round, Math.Round, -1e9, 1e9, 0, 0),
        ["Truncate"] = new(Simd.Truncate, Simd.Truncate, Math.Truncate, -1e9, 1e9, 0, 0),
        ["Abs"] = new(Simd.Abs, Simd.Abs, Math.Abs, -Max, Max, 0, 0),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void FloatStaysWithinItsStatedError(string name)
    {
        var row = Cases[name];
        var (error, at) = Ulp.Worst(row.Single, row.Exact, row.Low, row.High);
        Assert.True(error <= row.SingleUlp, $"{name}({at:R}) float is {error:F2} ULP off, more than {row.SingleUlp}");
    }

    [Theory, MemberData(nameof(Names))]
    public void DoubleStaysWithinItsStatedError(string name)
    {
        var row = Cases[name];
        var (error, at) = Ulp.Worst(row.Double, row.Exact, row.Low, row.High);
        Assert.True(error <= row.DoubleUlp, $"{name}({at:R}) double is {error} ULP off, more than {row.DoubleUlp}");
    }

    // Math has no log1p, expm1, sigmoid and softplus; these lose at most an ULP of double precision.
    private static double Log1p(double x)
    {
        var u = 1 + x;
        if (u == 1) return x;
        if (double.IsInfinity(u) || u <= 0) return Math.Log(u);
        return Math.Log(u) * (x / (u - 1));
    }

    private static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-5) return x + x * x / 2 + x * x * x / 6;
        if (Math.Abs(x) > 1) return Math.Exp(x) - 1;
        var t = Math.Tanh(x / 2);
        return 2 * t / (1 - t);
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));
}
