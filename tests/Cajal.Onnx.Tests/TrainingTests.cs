using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>An imported graph is a module: it can be trained on.</summary>
public class TrainingTests
{
    [Fact]
    public void AForeignModelIsFineTuned()
    {
        using var scratch = new Scratch();
        using var random = new Generator(3).Use();
        var original = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 1));
        OnnxExporter.Save(original, Tensor.Normal([2, 2]), scratch["m.onnx"]);
        var model = OnnxModel.Load(scratch["m.onnx"]);
        var (x, y) = (Tensor.From([0f, 0, 0, 1, 1, 0, 1, 1], 4, 2), Tensor.From([0f, 1, 1, 0], 4, 1));
        var optimiser = new Adam(model, learningRate: 0.05);
        for (int step = 0; step < 300; step++)
        {
            optimiser.ZeroGrad();
            new BceWithLogitsLoss().Forward(model.Forward(x), y).Backward();
            optimiser.Step();
        }
        Assert.True((model.Forward(x) > 0).Cast(DType.Float32).AllClose(y), "exclusive or was not learned");
        // What was learned is what Run computes, too.
        Assert.True(model.Run(x)["output"].AsTensor().Data.AllClose(model.Forward(x).Detach()));
    }

    [Fact]
    public void GradientsAreThoseOfTheOriginal()
    {
        using var scratch = new Scratch();
        using var random = new Generator(4).Use();
        var original = new Sequential(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(36, 3), new LogSoftmax());
        original.Eval();
        OnnxExporter.Save(original, Tensor.Normal([2, 1, 8, 8]), scratch["m.onnx"]);
        var model = OnnxModel.Load(scratch["m.onnx"]);
        var x = Tensor.Normal([3, 1, 8, 8]);
        var target = Tensor.From([0L, 2, 1]);
        new NllLoss().Forward(original.Call(x), target).Backward();
        new NllLoss().Forward(model.Forward(x), target).Backward();
        var expected = original.NamedParameters().ToDictionary();
        Assert.Equal(expected.Keys.Order(), model.NamedParameters().Select(named => named.Key).Order());
        foreach (var (key, parameter) in model.NamedParameters()) Assert.True(parameter.Grad!.AllClose(expected[key].Grad!, 1e-4, 1e-6), key);
    }

    [Fact]
    public void StatisticsAreNotTrained()
    {
        using var scratch = new Scratch();
        var original = new BatchNorm2d(4);
        original.Eval();
        OnnxExporter.Save(original, Tensor.Normal([2, 4, 3, 3]), scratch["m.onnx"]);
        var model = OnnxModel.Load(scratch["m.onnx"]);
        Assert.Equal(["weight", "bias"], model.NamedParameters().Select(named => named.Key));
        Assert.Equal(["running_mean", "running_var"], model.NamedBuffers().Select(named => named.Key).Where(key => key.StartsWith("running")).Order());
        Assert.Empty(OnnxModel.Load(scratch["m.onnx"], new() { Trainable = false }).Parameters());
    }
}
