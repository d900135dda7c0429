using Cajal.Tests.Fixtures;

namespace Cajal.Tests.Ops;

/// <summary>Convolutions and pooling against PyTorch's numbers: results and all gradients, in both precisions.</summary>
public class ConvFixtureTests
{
    private static readonly Dictionary<string, Func<Tensor[], FixtureArguments, Tensor>> Ops = new()
    {
        ["Conv1d"] = (x, a) => x[0].Conv1d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Int("groups")),
        ["Conv2d"] = (x, a) => x[0].Conv2d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Int("groups")),
        ["Conv3d"] = (x, a) => x[0].Conv3d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Int("groups")),
        ["ConvTranspose1d"] = (x, a) => x[0].ConvTranspose1d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "outputPadding"), Axes(a, "dilation"), a.Int("groups")),
        ["ConvTranspose2d"] = (x, a) => x[0].ConvTranspose2d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "outputPadding"), Axes(a, "dilation"), a.Int("groups")),
        ["ConvTranspose3d"] = (x, a) => x[0].ConvTranspose3d(x[1], Bias(x), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "outputPadding"), Axes(a, "dilation"), a.Int("groups")),
        ["Im2Col"] = (x, a) => x[0].Unfold(Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation")),
        ["Col2Im"] = (x, a) => x[0].Fold((a.Ints("size")[0], a.Ints("size")[1]), Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation")),
        ["MaxPool1d"] = (x, a) => x[0].MaxPool1d(Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Bool("ceilMode")),
        ["MaxPool2d"] = (x, a) => x[0].MaxPool2d(Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Bool("ceilMode")),
        ["AvgPool1d"] = (x, a) => x[0].AvgPool1d(Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), a.Bool("ceilMode"), a.Bool("countIncludePad")),
        ["AvgPool2d"] = (x, a) => x[0].AvgPool2d(Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), a.Bool("ceilMode"), a.Bool("countIncludePad"), a.Has("divisor") ? a.Double("divisor") : null),
        ["AdaptiveAvgPool1d"] = (x, a) => x[0].AdaptiveAvgPool1d(Axes(a, "size")),
        ["AdaptiveAvgPool2d"] = (x, a) => x[0].AdaptiveAvgPool2d(Axes(a, "size")),
        ["AdaptiveMaxPool1d"] = (x, a) => x[0].AdaptiveMaxPool1d(Axes(a, "size")),
        ["AdaptiveMaxPool2d"] = (x, a) => x[0].AdaptiveMaxPool2d(Axes(a, "size")),
    };

    public static TheoryData<string> Names => [.. FixtureFile.Open("convolution").Cases.Concat(FixtureFile.Open("pooling").Cases).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float64EqualsPyTorch(string name) => Check(FixtureFile.Case(name), DType.Float64);

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32EqualsPyTorch(string name) => Check(FixtureFile.Case(name), DType.Float32);

    private static void Check(FixtureCase fixture, DType dtype)
    {
        string[] names = [.. new[] { "x", "weight", "bias" }.Where(fixture.Inputs.Has)];
        Tensor[] inputs = [.. names.Select(name => Of(fixture.Inputs[name], dtype).WithGrad())];
        var y = Ops[fixture.Op](inputs, fixture.Args);
        var tolerance = Tolerances.For(dtype.ToString());
        Assert.Equal(fixture.Output.Shape, y.Shape.ToArray());
        tolerance.Check(y.ToArray<double>(), fixture.Output.Values, fixture.Name);
        Assert.True(fixture.HasGrads);
        y.Backward(Of(fixture.Upstream["y"], dtype));
        foreach (var (name, input) in names.Zip(inputs)) tolerance.Check(input.Grad!.ToArray<double>(), fixture.Grads[name].Values, $"{fixture.Name}, gradient of {name}");
    }

    private static Tensor Of(FixtureArray array, DType dtype) => Tensor.From(array.Values, array.Shape).Cast(dtype);

    private static Tensor? Bias(Tensor[] inputs) => inputs.Length > 2 ? inputs[2] : null;

    private static PerAxis Axes(FixtureArguments arguments, string name) => PerAxis.From(arguments.Ints(name));
}
