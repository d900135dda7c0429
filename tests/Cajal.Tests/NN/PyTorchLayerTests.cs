using Cajal.Tests.Fixtures;

namespace Cajal.Tests.NN;

/// <summary>Layers give PyTorch's values, gradients and running statistics, in Float64, from PyTorch's own state dicts.</summary>
public class PyTorchLayerTests
{
    private static readonly Dictionary<string, Func<FixtureArguments, Module>> Layers = new()
    {
        ["Linear"] = a => new Linear(a.Int("inFeatures"), a.Int("outFeatures"), a.Bool("bias")),
        ["BilinearLayer"] = a => new Bilinear(a.Int("in1Features"), a.Int("in2Features"), a.Int("outFeatures"), a.Bool("bias")),
        ["Conv1dLayer"] = a => new Conv1d(a.Int("inChannels"), a.Int("outChannels"), a.Ints("kernel")[0], a.Ints("stride")[0], a.Ints("padding")[0], a.Ints("dilation")[0], a.Int("groups"), a.Bool("bias"),
            Enum.Parse<PadMode>(a.String("paddingMode", "constant"), ignoreCase: true)),
        ["Conv2dLayer"] = a => new Conv2d(a.Int("inChannels"), a.Int("outChannels"), Axes(a, "kernel"), Axes(a, "stride"), Axes(a, "padding"), Axes(a, "dilation"), a.Int("groups"), a.Bool("bias")),
        ["BatchNorm1d"] = a => new BatchNorm1d(a.Int("channels"), a.Double("epsilon"), a.Has("momentum") ? a.Double("momentum") : null, a.Bool("affine"), a.Bool("trackRunningStats")),
        ["BatchNorm2d"] = a => new BatchNorm2d(a.Int("channels"), a.Double("epsilon"), a.Has("momentum") ? a.Double("momentum") : null, a.Bool("affine"), a.Bool("trackRunningStats")),
        ["LayerNorm"] = a => new LayerNorm(a.Ints("shape"), a.Double("epsilon"), a.Bool("affine")),
        ["RMSNorm"] = a => new RMSNorm(a.Ints("shape"), a.Double("epsilon")),
        ["GroupNorm"] = a => new GroupNorm(a.Int("groups"), a.Int("channels"), a.Double("epsilon"), a.Bool("affine")),
        ["InstanceNorm1d"] = a => new InstanceNorm1d(a.Int("channels"), a.Double("epsilon"), a.Bool("affine")),
        ["InstanceNorm2d"] = a => new InstanceNorm2d(a.Int("channels"), a.Double("epsilon"), a.Bool("affine")),
        ["EmbeddingLayer"] = a => new Embedding(a.Int("count"), a.Int("width"), a.Has("paddingIndex") ? a.Int("paddingIndex") : null),
        ["Sequential"] = _ => new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 4), new ReLU(), new Linear(4, 2)),
    };

    public static TheoryData<string> Names => FixtureFile.NamesOf([.. Layers.Keys]);

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        var fixture = FixtureFile.Case(name);
        var layer = Layers[fixture.Op](fixture.Args);
        layer.To(DType.Float64);
        Assert.True(layer.LoadStateDict(fixture.State.Names.ToDictionary(key => key, key => Read(fixture.State[key]))).IsComplete);
        layer.Train();
        if (!fixture.Args.Bool("training", true)) layer.Eval();
        var inputs = fixture.Inputs.Names.ToDictionary(key => key, key => fixture.Grads.Names.Contains(key) ? Read(fixture.Inputs[key]).WithGrad() : Read(fixture.Inputs[key]));

        Tensor? total = null;
        foreach (string key in fixture.Outputs.Names)
        {
            // Several outputs are several calls in a row, x1 -> y1, x2 -> y2, as running statistics see them.
            var y = layer is Bilinear form ? form.Forward(inputs["x1"], inputs["x2"]) : layer.Forward(inputs[key == "y" ? inputs.Keys.First() : "x" + key[1..]]);
            Assert.Equal(fixture.Outputs[key].Shape, y.Shape.ToArray());
            Tolerances.Float64.Times(10).Check(y.ToArray<double>(), fixture.Outputs[key].Values, $"{name}, {key}");
            var part = (y * Read(fixture.Upstream[key])).Sum();
            total = total is null ? part : total + part;
        }
        total!.Backward();
        var parameters = layer.NamedParameters().ToDictionary(item => item.Key, item => (Tensor)item.Value);
        foreach (string key in fixture.Grads.Names)
        {
            var tensor = inputs.TryGetValue(key, out var input) ? input : parameters[key];
            Tolerances.Float64.Times(100).Check(tensor.Grad!.ToArray<double>(), fixture.Grads[key].Values, $"{name}, gradient of {key}");
        }
        var after = layer.StateDict();
        foreach (string key in fixture.StateAfter.Names) Tolerances.Float64.Times(10).Check(after[key].ToArray<double>(), fixture.StateAfter[key].Values, $"{name}, {key} afterwards");
    }

    [Fact]
    public void ManyCasesAreCompared() => Assert.True(Names.Count >= 40, $"{Names.Count} cases");

    private static PerAxis Axes(FixtureArguments arguments, string name) => PerAxis.From(arguments.Ints(name));

    private static Tensor Read(FixtureArray array) => array.DType == "int64"
        ? Tensor.From(array.Integers, array.Count).Reshape(array.Shape)
        : Tensor.From(array.Values, array.Count).Reshape(array.Shape);
}
