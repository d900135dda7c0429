using System.Numerics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>Zeros with their signs, infinities, NaN, the ends of the range, and functions of two variables.</summary>
public sealed class SimdEdgeTests
{
    private static readonly double[] Special =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, -2.5, 1e10, -1e10, 16777217, 1e-10, 1e-300, -1e-300, 1e300, double.Epsilon,
        double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    private static double At(Func<Vector<double>, Vector<double>> function, double x) => function(new Vector<double>(x))[0];

    private static float At(Func<Vector<float>, Vector<float>> function, float x) => function(new Vector<float>(x))[0];

    private static bool Same(double a, double b)
        => (double.IsNaN(a) && double.IsNaN(b)) || BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    // Where Math's value is a zero, an infinity or NaN, ours must be the same, sign included; elsewhere it must be close.
    private static void Agree(string call, double actual, double expected)
    {
        var plain = double.IsFinite(expected) && expected != 0;
        Assert.True(plain ? Math.Abs(actual - expected) <= 1e-6 * Math.Abs(expected) : Same(actual, expected),
            $"{call} = {actual:R}, not {expected:R}");
    }

    private static readonly (string, Func<Vector<float>, Vector<float>>, Func<Vector<double>, Vector<double>>, Func<double, double>)[] Unary =
    [
        ("Exp", Simd.Exp, Simd.Exp, Math.Exp), ("Log", Simd.Log, Simd.Log, Math.Log), ("Log2", Simd.Log2, Simd.Log2, Math.Log2),
        ("Log10", Simd.Log10, Simd.Log10, Math.Log10), ("Tanh", Simd.Tanh, Simd.Tanh, Math.Tanh), ("Sin", Simd.Sin, Simd.Sin, Math.Sin),
        ("Cos", Simd.Cos, Simd.Cos, Math.Cos), ("Tan", Simd.Tan, Simd.Tan, Math.Tan), ("Asin", Simd.Asin, Simd.Asin, Math.Asin),
        ("Acos", Simd.Acos, Simd.Acos, Math.Acos), ("Atan", Simd.Atan, Simd.Atan, Math.Atan), ("Sinh", Simd.Sinh, Simd.Sinh, Math.Sinh),
        ("Cosh", Simd.Cosh, Simd.Cosh, Math.Cosh), ("Asinh", Simd.Asinh, Simd.Asinh, Math.Asinh),
        ("Acosh", Simd.Acosh, Simd.Acosh, Math.Acosh),
        ("Atanh", Simd.Atanh, Simd.Atanh, Math.Atanh), ("Sqrt", Simd.Sqrt, Simd.Sqrt, Math.Sqrt),
        ("Floor", Simd.Floor, Simd.Floor, Math.Floor),
        ("Ceiling", Simd.Ceiling, Simd.Ceiling, Math.Ceiling), ("Round", Simd.Round, Simd.Round, Math.Round),
        ("Truncate", Simd.Truncate, Simd.Truncate, Math.Truncate), ("Abs", Simd.Abs, Simd.Abs, Math.Abs),
        ("Rsqrt", Simd.Rsqrt, Simd.Rsqrt, x => 1 / Math.Sqrt(x)),
        ("Expm1", Simd.Expm1, Simd.Expm1, x => Math.Abs(x) < 1e-9 ? x : Math.Exp(x) - 1),
        ("Log1p", Simd.Log1p, Simd.Log1p, x => Math.Abs(x) < 1e-9 ? x : Math.Log(1 + x)),
        ("Sigmoid", Simd.Sigmoid, Simd.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ("Softplus", Simd.Softplus, Simd.Softplus, x => x > 40 ? x : Math.Log(1 + Math.Exp(x))),
        ("Sign", Simd.Sign, Simd.Sign, x => x > 0 ? 1 : x < 0 ? -1 : x),
    ];

    [Fact]
    public void SpecialValuesGiveWhatMathGives()
    {
        foreach (var (name, single, wide, exact) in Unary)
        {
            foreach (var x in Special)
            {
                Agree($"{name}({x:R})", At(wide, x), exact(x));
                var narrow = (float)x;
                Agree($"{name}({narrow:R}f)", At(single, narrow), (float)exact(narrow));
            }
        }
    }

    [Fact]
    public void FarSigmoidsAndSmallTanhsAreExact()
    {
        Assert.Equal((1f, 0f), (At(Simd.Sigmoid, 1e4f), At(Simd.Sigmoid, -1e4f)));
        Assert.Equal((1.0, 0.0), (At(Simd.Sigmoid, 1e4), At(Simd.Sigmoid, -1e4)));
        Assert.Equal((1e4f, 0f), (At(Simd.Softplus, 1e4f), At(Simd.Softplus, -1e4f)));
        foreach (var x in new[] { 1e-4f, 1e-20f, float.Epsilon, -1e-38f }) Assert.Equal(x, At(Simd.Tanh, x));
        foreach (var x in new[] { 5e-9, 1e-200, double.Epsilon }) Assert.Equal(x, At(Simd.Tanh, x));
    }

    [Fact]
    public void PowHasTheEdgesOfMathPow()
    {
        foreach (var x in Special)
        {
            foreach (var y in Special)
            {
                Assert.True(Same(Simd.Pow(new Vector<double>(x), new Vector<double>(y))[0], Math.Pow(x, y)));
                var (xs, ys) = ((float)x, (float)y);
                var exact = (float)Math.Pow(xs, ys);
                var actual = Simd.Pow(new Vector<float>(xs), new Vector<float>(ys))[0];
                if (float.IsFinite(exact) && exact != 0)
                    Assert.True(Ulp.Error(actual, Math.Pow(xs, ys)) <= 0.51, $"Pow({xs:R}, {ys:R}) = {actual:R}");
                else Agree($"Pow({xs:R}, {ys:R})", actual, exact);
            }
        }
    }

    [Fact]
    public void FloatPowIsCorrectlyRoundedNearlyAlways()
    {
        var worst = 0.0;
        foreach (var x in Ulp.Sweep(1e-30, 1e30, 20_000))
        {
            var (xs, y) = ((float)x, (float)(30 / Math.Log(x) * Math.Sin(x)));
            if (float.IsFinite(y))
                worst = Math.Max(worst, Ulp.Error(Simd.Pow(new Vector<float>(xs), new Vector<float>(y))[0], Math.Pow(xs, y)));
        }

        Assert.InRange(worst, 0.4, 0.501);
    }

    [Fact]
    public void Atan2HasTheEdgesOfMathAtan2()
    {
        foreach (var y in Special)
        {
            foreach (var x in Special)
            {
                Agree($"Atan2({y:R}, {x:R})", Simd.Atan2(new Vector<double>(y), new Vector<double>(x))[0], Math.Atan2(y, x));
                var (ys, xs) = ((float)y, (float)x);
                Agree($"Atan2({ys:R}f, {xs:R}f)", Simd.Atan2(new Vector<float>(ys), new Vector<float>(xs))[0], (float)Math.Atan2(ys, xs));
            }
        }

        var worst = (Single: 0.0, Double: 0.0);
        for (var i = 0; i < 100_000; i++)
        {
            var (y, x) = ((float)Math.Sin(i) * 3, (float)Math.Cos(i * 1.7));
            worst.Single = Math.Max(worst.Single, Ulp.Error(Simd.Atan2(new Vector<float>(y), new Vector<float>(x))[0], Math.Atan2(y, x)));
            worst.Double = Math.Max(worst.Double, Ulp.Error(Simd.Atan2(new Vector<double>(y), new Vector<double>(x))[0], Math.Atan2(y, x)));
        }

        Assert.True(worst is { Single: <= 1.7, Double: <= 2 }, $"Atan2 is off by {worst}");
    }

    [Fact]
    public void MinimumAndMaximumKeepNaNAndOrderZeros()
    {
        foreach (var a in Special)
        {
            foreach (var b in Special)
            {
                Assert.True(Same(Math.Min(a, b), Simd.Min(new Vector<double>(a), new Vector<double>(b))[0]), $"Min({a}, {b})");
                Assert.True(Same(Math.Max(a, b), Simd.Max(new Vector<double>(a), new Vector<double>(b))[0]), $"Max({a}, {b})");
            }
        }

        Assert.True(double.IsNaN(At(x => Simd.Clamp(x, Simd.Constant<double>(0), Simd.Constant<double>(1)), double.NaN)));
        Assert.Equal(1, At(x => Simd.Clamp(x, Simd.Constant<float>(0), Simd.Constant<float>(1)), float.PositiveInfinity));
    }

    [Fact]
    public void ReductionIsRightBesideMultiplesOfHalfPi()
    {
        // The doubles nearest to n pi/2 leave remainders down to 1e-20.
        for (var n = 1; n < 100_000; n += n < 1000 ? 1 : 97)
        {
            foreach (var x in new[] { n * (Math.PI / 2), Math.BitIncrement(n * (Math.PI / 2)), -n * (Math.PI / 2) })
            {
                Assert.True(Ulp.Error(At(Simd.Sin, x), Math.Sin(x)) <= 1, $"Sin({x:R})");
                Assert.True(Ulp.Error(At(Simd.Cos, x), Math.Cos(x)) <= 1, $"Cos({x:R})");
                Assert.True(Ulp.Error(At(Simd.Sin, (float)x), Math.Sin((float)x)) <= 1.5, $"Sin({(float)x:R}f)");
                Assert.True(Ulp.Error(At(Simd.Cos, (float)x), Math.Cos((float)x)) <= 1.5, $"Cos({(float)x:R}f)");
            }
        }
    }

    [Fact]
    public void LanesDoNotTouchEachOther()
    {
        // One huge or NaN lane sends sin through its slow path; the other lanes must keep their bits.
        foreach (var odd in new[] { 1e9f, float.NaN, float.PositiveInfinity })
        {
            for (var lane = 0; lane < Vector<float>.Count; lane++)
            {
                var alone = Simd.Sin(new Vector<float>(0.7f));
                var mixed = Simd.Sin(new Vector<float>(0.7f).WithElement(lane, odd));
                for (var i = 0; i < Vector<float>.Count; i++) Assert.Equal(i == lane ? (float)Math.Sin(odd) : alone[i], mixed[i]);
            }
        }
    }
}
