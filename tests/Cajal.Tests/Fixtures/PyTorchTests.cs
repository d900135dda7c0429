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
        ["Conv1d"] = (f, i) => i("x").Conv1d(i("weight"), Bias(f, i), Side(f, "stride"), Side(f, "padding"), Side(f, "dilation"), f.Args.Int("groups")),
        ["Conv2d"] = (f, i) => i("x").Conv2d(i("weight"), Bias(f, i), Side(f, "stride"), Side(f, "padding"), Side(f, "dilation"), f.Args.Int("groups")),
        ["ConvTranspose2d"] = (f, i) => i("x").ConvTranspose2d(i("weight"), Bias(f, i), Side(f, "stride"), Side(f, "padding"), Side(f, "outputPadding"), Side(f, "dilation"), f.Args.Int("groups")),
        ["MaxPool2d"] = (f, i) => i("x").MaxPool2d(Side(f, "kernel"), Side(f, "stride"), Side(f, "padding")),
        ["AvgPool2d"] = (f, i) => i("x").AvgPool2d(Side(f, "kernel"), Side(f, "stride"), Side(f, "padding")),
    };

    public static TheoryData<string> Names => [.. Calls.Keys.SelectMany(FixtureFile.CasesOf).Where(Supported).Select(fixture => fixture.Name)];

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
            Tolerances.Float64.Times(10).Check(gradient, fixture.Grads[key].Values, $"{name}, gradient of {key}");
        }
    }

    [Fact]
    public void ManyCasesAreCompared() => Assert.True(Names.Count > 230, $"{Names.Count} cases");

    private static bool Supported(FixtureCase f)
    {
        // Options that differ between height and width, and windows beyond the edge have no counterpart yet.
        bool square = !f.Args.Names.Any(name => name is "kernel" or "stride" or "padding" or "dilation" or "outputPadding" && f.Args.Has(name)
            && f.Args.ToString().Contains($"\"{name}\": [", StringComparison.Ordinal) && f.Args.Ints(name).Distinct().Count() > 1);
        bool pool = f.Op.EndsWith("Pool2d", StringComparison.Ordinal);
        if (pool && (f.Args.Bool("ceilMode", false) || !f.Args.Bool("countIncludePad", true) || f.Args.Has("divisor") || (f.Args.Has("dilation") && Side(f, "dilation") != 1))) return false;
        return square && f.Inputs.Names.Any() && f.Output.Values.Length == f.Output.Count;
    }

    private static int Side(FixtureCase f, string name) => f.Args.Ints(name)[0];

    private static Tensor? Bias(FixtureCase f, Func<string, Tensor> input) => f.Inputs.Names.Contains("bias") ? input("bias") : null;

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
