using Cajal.Tests.Fixtures;

namespace Cajal.Tests;

/// <summary>Ops give PyTorch's values and gradients, in Float64.</summary>
public class PyTorchTests
{
    private delegate Tensor Call(FixtureCase fixture, Func<string, Tensor> input);

    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["Add"] = (_, i) => i("a") + i("b"),
        ["Subtract"] = (_, i) => i("a") - i("b"),
        ["Multiply"] = (_, i) => i("a") * i("b"),
        ["Divide"] = (_, i) => i("a") / i("b"),
        ["Maximum"] = (_, i) => Tensor.Maximum(i("a"), i("b")),
        ["Minimum"] = (_, i) => Tensor.Minimum(i("a"), i("b")),
        ["Neg"] = (_, i) => -i("x"),
        ["Exp"] = (_, i) => i("x").Exp(),
        ["Expm1"] = (_, i) => i("x").Expm1(),
        ["Log"] = (_, i) => i("x").Log(),
        ["Log1p"] = (_, i) => i("x").Log1p(),
        ["Sqrt"] = (_, i) => i("x").Sqrt(),
        ["Rsqrt"] = (_, i) => i("x").Rsqrt(),
        ["Square"] = (_, i) => i("x").Square(),
        ["Sin"] = (_, i) => i("x").Sin(),
        ["Cos"] = (_, i) => i("x").Cos(),
        ["Tan"] = (_, i) => i("x").Tan(),
        ["Asin"] = (_, i) => i("x").Asin(),
        ["Acos"] = (_, i) => i("x").Acos(),
        ["Atan"] = (_, i) => i("x").Atan(),
        ["Sinh"] = (_, i) => i("x").Sinh(),
        ["Cosh"] = (_, i) => i("x").Cosh(),
        ["Tanh"] = (_, i) => i("x").Tanh(),
        ["Asinh"] = (_, i) => i("x").Asinh(),
        ["Acosh"] = (_, i) => i("x").Acosh(),
        ["Atanh"] = (_, i) => i("x").Atanh(),
        ["Erf"] = (_, i) => i("x").Erf(),
        ["Erfc"] = (_, i) => i("x").Erfc(),
        ["Sigmoid"] = (_, i) => i("x").Sigmoid(),
        ["Relu"] = (_, i) => i("x").Relu(),
        ["Abs"] = (_, i) => i("x").Abs(),
        ["Sum"] = (f, i) => i("x").Sum(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Mean"] = (f, i) => i("x").Mean(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Max"] = (f, i) => i("x").Max(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Min"] = (f, i) => i("x").Min(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Softmax"] = (f, i) => i("x").Softmax(f.Args.Int("axis")),
        ["LogSoftmax"] = (f, i) => i("x").LogSoftmax(f.Args.Int("axis")),
        ["MatMul"] = (_, i) => i("a").MatMul(i("b")),
        ["Elu"] = (f, i) => i("x").Elu(f.Args.Double("alpha", 1)),
        ["LeakyRelu"] = (f, i) => i("x").LeakyRelu(f.Args.Double("slope", 0.01)),
        ["Selu"] = (_, i) => i("x").Selu(),
        ["Silu"] = (_, i) => i("x").Silu(),
        ["Mish"] = (_, i) => i("x").Mish(),
        ["Softsign"] = (_, i) => i("x").Softsign(),
        ["LogSigmoid"] = (_, i) => i("x").LogSigmoid(),
        ["Sign"] = (_, i) => i("x").Sign(),
        ["Log2"] = (_, i) => i("x").Log2(),
        ["Log10"] = (_, i) => i("x").Log10(),
        ["Reciprocal"] = (_, i) => i("x").Reciprocal(),
        ["Floor"] = (_, i) => i("x").Floor(),
        ["Ceiling"] = (_, i) => i("x").Ceiling(),
        ["Truncate"] = (_, i) => i("x").Truncate(),
        ["Round"] = (_, i) => i("x").Round(),
        ["Atan2"] = (_, i) => Tensor.Atan2(i("a"), i("b")),
        ["Hypot"] = (_, i) => Tensor.Hypot(i("a"), i("b")),
        ["Equal"] = (_, i) => i("a").EqualTo(i("b")),
        ["NotEqual"] = (_, i) => i("a").NotEqualTo(i("b")),
        ["Less"] = (_, i) => i("a") < i("b"),
        ["LessEqual"] = (_, i) => i("a") <= i("b"),
        ["Greater"] = (_, i) => i("a") > i("b"),
        ["GreaterEqual"] = (_, i) => i("a") >= i("b"),
        ["LogicalAnd"] = (_, i) => i("a") & i("b"),
        ["LogicalOr"] = (_, i) => i("a") | i("b"),
        ["LogicalXor"] = (_, i) => i("a") ^ i("b"),
        ["LogicalNot"] = (_, i) => !i("x"),
        ["IsNaN"] = (_, i) => i("x").IsNaN(),
        ["IsFinite"] = (_, i) => i("x").IsFinite(),
        ["Pow"] = (f, i) => f.Args.Has("exponent") ? i("x").Pow(f.Args.Double("exponent")) : f.Args.Has("base") ? Tensor.Pow(f.Args.Double("base"), i("exponent")) : i("x").Pow(i("exponent")),
        ["Clamp"] = (f, i) => i("x").Clamp(f.Args.Double("min", double.NegativeInfinity), f.Args.Double("max", double.PositiveInfinity)),
        ["Where"] = (_, i) => Tensor.Where(i("condition"), i("a"), i("b")),
        ["Cast"] = (f, i) => i("x").Cast(Enum.Parse<DType>(f.Args.String("dtype") switch { "bool" => "Bool", "int64" => "Int64", _ => "Float64" })),
        ["Lerp"] = (f, i) => i("a").Lerp(i("b"), f.Args.Double("weight")),
        ["Prod"] = (f, i) => i("x").Prod(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["LogSumExp"] = (f, i) => i("x").LogSumExp(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Var"] = (f, i) => i("x").Var(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("unbiased") ? 1 : 0, f.Args.Bool("keepAxes", false)),
        ["Std"] = (f, i) => i("x").Std(f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("unbiased") ? 1 : 0, f.Args.Bool("keepAxes", false)),
        ["Norm"] = (f, i) => i("x").Norm(f.Args.Double("p"), f.Args.IntsOrNull("axes") ?? [], f.Args.Bool("keepAxes", false)),
        ["Any"] = (f, i) => i("x").Any([f.Args.Int("axis")], f.Args.Bool("keepAxes")),
        ["All"] = (f, i) => i("x").All([f.Args.Int("axis")], f.Args.Bool("keepAxes")),
        ["ArgMax"] = (f, i) => f.Args.Has("axis") ? i("x").ArgMax(f.Args.Int("axis"), f.Args.Bool("keepAxes")) : i("x").Reshape(-1).ArgMax(),
        ["ArgMin"] = (f, i) => f.Args.Has("axis") ? i("x").ArgMin(f.Args.Int("axis"), f.Args.Bool("keepAxes")) : i("x").Reshape(-1).ArgMin(),
        ["CumSum"] = (f, i) => i("x").CumSum(f.Args.Int("axis")),
        ["CumProd"] = (f, i) => i("x").CumProd(f.Args.Int("axis")),
        ["Celu"] = (f, i) => i("x").Celu(f.Args.Double("alpha")),
        ["Gelu"] = (f, i) => i("x").Gelu(Enum.Parse<GeluApproximation>(f.Args.String("approximate"), ignoreCase: true)),
        ["Softplus"] = (f, i) => i("x").Softplus(f.Args.Double("beta"), f.Args.Double("threshold")),
        ["HardSigmoid"] = (_, i) => i("x").HardSigmoid(),
        ["HardTanh"] = (f, i) => i("x").HardTanh(f.Args.Double("min"), f.Args.Double("max")),
        ["HardSwish"] = (_, i) => i("x").HardSwish(),
        ["Relu6"] = (_, i) => i("x").Relu6(),
        ["TanhShrink"] = (_, i) => i("x").TanhShrink(),
        ["SoftShrink"] = (f, i) => i("x").SoftShrink(f.Args.Double("lambda")),
        ["HardShrink"] = (f, i) => i("x").HardShrink(f.Args.Double("lambda")),
        ["Threshold"] = (f, i) => i("x").Threshold(f.Args.Double("threshold"), f.Args.Double("value")),
        ["PRelu"] = (_, i) => i("x").Prelu(i("weight")),
        ["Glu"] = (f, i) => i("x").Glu(f.Args.Int("axis")),
        ["Softmin"] = (f, i) => (-i("x")).Softmax(f.Args.Int("axis")),
        ["Maxout"] = (f, i) => i("x").Maxout(f.Args.Int("pieces"), f.Args.Int("axis")),
        ["Heaviside"] = (f, i) => i("x").Heaviside(f.Args.Double("atZero")),
        ["Unfold"] = (f, i) => i("x").Windows(f.Args.Int("size"), f.Args.Int("step"), f.Args.Int("axis")),
    };

    /// <summary>PyTorch 1.13 keeps a constant of these derivatives (α, 1/6) in single precision.</summary>
    private static readonly string[] SingleConstants = ["Celu", "HardSigmoid"];

    public static TheoryData<string> Names => [.. Calls.Keys.SelectMany(FixtureFile.CasesOf).Select(fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var inputs = new Dictionary<string, Tensor>();
        Tensor Input(string key) => inputs.TryGetValue(key, out var made) ? made : inputs[key] = ToTensor(fixture.Inputs[key], fixture.Grads.Names.Contains(key));

        var y = Calls[fixture.Op](fixture, Input);
        Assert.Equal(fixture.Output.Shape, y.Shape.ToArray());
        Tolerances.Float64.Check(y.ToArray<double>(), fixture.Output.Values, name);
        if (!fixture.HasGrads || y.Count == 0) return;
        y.Backward(ToTensor(fixture.Upstream["y"], false));
        foreach (string key in fixture.Grads.Names)
        {
            var gradient = inputs[key].Grad?.ToArray<double>() ?? new double[inputs[key].Count];
            Tolerances.Float64.Times(SingleConstants.Contains(fixture.Op) ? 1000 : 10).Check(gradient, fixture.Grads[key].Values, $"{name}, gradient of {key}");
        }
    }

    private static Tensor ToTensor(FixtureArray array, bool tracked)
    {
        var tensor = array.DType switch
        {
            "int64" => Tensor.From(array.Integers, array.Count).Reshape(array.Shape),
            "bool" => Tensor.From(array.Booleans, array.Count).Reshape(array.Shape),
            _ => Tensor.From(array.Values, array.Count).Reshape(array.Shape),
        };
        return tracked ? tensor.WithGrad() : tensor;
    }
}
