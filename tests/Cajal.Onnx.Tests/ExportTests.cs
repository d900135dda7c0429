using Cajal.Models;
using Xunit;

namespace Cajal.Onnx.Tests;

/// <summary>Every layer, written, and read again by ONNX Runtime and by Cajal: same numbers, also for another batch.</summary>
public class ExportTests
{
    private const double Tolerance = 1e-5;

    /// <summary>Layers with an input each.</summary>
    private static readonly Dictionary<string, Func<(Module Net, Tensor X)>> Layers = new()
    {
        ["Linear"] = () => (new Linear(5, 3), Normal(2, 5)),
        ["Linear without bias, three axes"] = () => (new Linear(5, 3, bias: false), Normal(2, 4, 5)),
        ["Linear, three axes"] = () => (new Linear(5, 3), Normal(2, 4, 5)),
        ["Conv1d"] = () => (new Conv1d(3, 4, 3, stride: 2, padding: 1), Normal(2, 3, 9)),
        ["Conv2d"] = () => (new Conv2d(4, 6, 3, padding: 1, dilation: 2, groups: 2), Normal(2, 4, 8, 7)),
        ["Conv2d, reflected border"] = () => (new Conv2d(2, 3, 3, padding: 1, padMode: PadMode.Reflect), Normal(2, 2, 5, 6)),
        ["Conv3d"] = () => (new Conv3d(2, 3, 2), Normal(2, 2, 4, 5, 6)),
        ["ConvTranspose1d"] = () => (new ConvTranspose1d(3, 2, 3, stride: 2, padding: 1, outputPadding: 1), Normal(2, 3, 6)),
        ["ConvTranspose2d"] = () => (new ConvTranspose2d(3, 2, 3, stride: 2), Normal(2, 3, 4, 5)),
        ["MaxPool1d"] = () => (new MaxPool1d(3, 2, 1), Normal(2, 3, 9)),
        ["MaxPool2d"] = () => (new MaxPool2d(2), Normal(2, 3, 7, 6)),
        ["AvgPool1d"] = () => (new AvgPool1d(3, 2, 1), Normal(2, 3, 9)),
        ["AvgPool2d"] = () => (new AvgPool2d(3, 2, 1), Normal(2, 3, 7, 6)),
        ["AdaptiveAvgPool1d"] = () => (new AdaptiveAvgPool1d(3), Normal(2, 3, 7)),
        ["AdaptiveAvgPool2d"] = () => (new AdaptiveAvgPool2d(3), Normal(2, 3, 7, 8)),
        ["AdaptiveMaxPool1d"] = () => (new AdaptiveMaxPool1d(3), Normal(2, 3, 7)),
        ["AdaptiveMaxPool2d"] = () => (new AdaptiveMaxPool2d(3), Normal(2, 3, 7, 8)),
        ["GlobalAvgPool"] = () => (new GlobalAvgPool(), Normal(2, 3, 5, 4)),
        ["GlobalMaxPool"] = () => (new GlobalMaxPool(), Normal(2, 3, 5, 4)),
        ["Flatten"] = () => (new Flatten(), Normal(2, 3, 4)),
        ["Unflatten"] = () => (new Unflatten([2, 3]), Normal(2, 6)),
        ["BatchNorm1d"] = () => (Warm(new BatchNorm1d(3), Normal(4, 3)), Normal(2, 3)),
        ["BatchNorm2d"] = () => (Warm(new BatchNorm2d(3), Normal(4, 3, 5, 5)), Normal(2, 3, 5, 5)),
        ["LayerNorm"] = () => (new LayerNorm(6), Normal(2, 4, 6)),
        ["LayerNorm without weights, two axes"] = () => (new LayerNorm([4, 6], affine: false), Normal(2, 4, 6)),
        ["RMSNorm"] = () => (new RMSNorm(6), Normal(2, 4, 6)),
        ["GroupNorm"] = () => (new GroupNorm(2, 6), Normal(2, 6, 4, 3)),
        ["LocalResponseNorm"] = () => (new LocalResponseNorm(3, 0.5, 0.7, 2), Normal(2, 6, 4, 3)),
        ["LocalResponseNorm of an even number"] = () => (new LocalResponseNorm(4, 0.5, 0.7, 2), Normal(2, 6, 4)),
        ["InstanceNorm1d"] = () => (new InstanceNorm1d(3, affine: true), Normal(2, 3, 8)),
        ["InstanceNorm2d"] = () => (new InstanceNorm2d(3), Normal(2, 3, 4, 5)),
        ["Dropout"] = () => (new Sequential(new Dropout(), new Linear(4, 2)), Normal(2, 4)),
        ["Embedding"] = () => (new Embedding(10, 4), Tensor.From([1L, 9, 0, 3], 2, 2)),
        ["Embedding with a padding row"] = () => (new Embedding(10, 4, paddingIndex: 0), Tensor.From([1L, 9, 0, 3], 2, 2)),
        ["Bilinear"] = () => (new Bilinear(4, 4, 3), Normal(2, 4)),
        ["Upsample nearest"] = () => (new Upsample(2), Normal(2, 3, 4, 5)),
        ["Upsample linear"] = () => (new Upsample(1.5, InterpolationMode.Linear), Normal(2, 3, 4, 6)),
        ["Upsample cubic, corners"] = () => (new Upsample(2, InterpolationMode.Cubic, alignCorners: true), Normal(2, 3, 4, 5)),
        ["Rescale"] = () => (new Rescale(4).Standardising(Normal(9, 4)), Normal(2, 4)),
        ["Residual"] = () => (new Residual(new Linear(4, 4)), Normal(2, 4)),
        ["RNN"] = () => (new RNN(3, 4, batchFirst: true), Normal(2, 5, 3)),
        ["RNN, rectified"] = () => (new RNN(3, 4, activation: RecurrentActivation.Relu), Normal(2, 5, 3)),
        ["LSTM, two layers, both directions"] = () => (new LSTM(3, 4, layers: 2, bidirectional: true, batchFirst: true), Normal(2, 5, 3)),
        ["GRU"] = () => (new GRU(3, 4, bidirectional: true), Normal(2, 5, 3)),
        ["MultiheadAttention"] = () => (new MultiheadAttention(8, 2, batchFirst: true), Normal(2, 5, 8)),
        ["MultiheadAttention, time first"] = () => (new MultiheadAttention(8, 2), Normal(2, 5, 8)),
        ["TransformerEncoderLayer"] = () => (new TransformerEncoderLayer(8, 2, 16, batchFirst: true), Normal(2, 5, 8)),
        ["PReLU per channel"] = () => (new PReLU(3), Normal(2, 3, 4)),
        ["Maxout"] = () => (new Maxout(2), Normal(2, 6)),
        ["GLU"] = () => (new GLU(), Normal(2, 6)),
        ["Heaviside"] = () => (new Heaviside(atZero: 0.5), Normal(2, 6)),
        ["Sign"] = () => (new Sign(), Normal(2, 6)),
        ["Softmax, first axis"] = () => (new Softmax(1), Normal(2, 3, 4)),
        ["LogSoftmax"] = () => (new LogSoftmax(), Normal(2, 6)),
    };

    private static readonly Module[] Activations =
    [
        new ReLU(), new Tanh(), new Sigmoid(), new GELU(), new SiLU(), new Mish(), new Softplus(), new SELU(), new Softsign(), new LogSigmoid(), new LeakyReLU(0.2), new ELU(0.7), new HardSigmoid(), new HardSwish(), new ReLU6(),
        new TanhShrink(), new HardTanh(-0.5, 0.7), new CELU(1.3), new Threshold(0.1, 0.3), new HardShrink(0.4), new SoftShrink(0.4), new LinearActivation(1, 2), new Identity(),
        new Lambda(x => x.Gelu(GeluApproximation.Tanh)), new Lambda(x => x.Abs().Sqrt() + x.Erf() * x.Sin()), new Lambda(x => Tensor.Where(x > 0, x.Square(), -x).Log1p()),
    ];

    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    public static TheoryData<int> ActivationNumbers => [.. Enumerable.Range(0, Activations.Length)];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void LayersComeOutAlike(string name)
    {
        var (net, x) = Layers[name]();
        int axis = name is "MultiheadAttention, time first" or "GRU" or "RNN, rectified" ? 1 : 0;
        Check(net, x, axis);
    }

    [Theory]
    [MemberData(nameof(ActivationNumbers))]
    public void ActivationsComeOutAlike(int number) => Check(Activations[number], Normal(2, 7) * 2, 0);

    [Theory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    [InlineData("cnn")]
    [InlineData("small cnn")]
    public void ZooModelsComeOutAlike(string name)
    {
        Module net = name switch { "mlp" => Architectures.Mlp(12, 3, [8, 6], 0.2), "lenet" => Architectures.LeNet5(1, 28, 10), "cnn" => Architectures.Cnn(1, 28, 10), _ => Architectures.Cnn(1, 8, 10) };
        Check(net, name == "mlp" ? Normal(2, 12) : name == "small cnn" ? Normal(2, 1, 8, 8) : Normal(2, 1, 28, 28), 0);
    }

    [Fact]
    public void DecoderLayerOfTwoInputsComesOutAlike()
    {
        var net = new TransformerDecoderLayer(8, 2, 16, batchFirst: true);
        Tensor target = Normal(2, 4, 8), memory = Normal(2, 6, 8);
        net.Eval();
        using var scratch = new Scratch();
        OnnxExporter.Save(net, (Tensor[] inputs) => new[] { net.Forward(inputs[0], inputs[1]) }, new[] { target, memory }, scratch["m.onnx"]);
        using var plain = new NoGrad();
        AssertClose(net.Forward(target, memory), Runtime.Run(scratch["m.onnx"], target, memory)[0], "ONNX Runtime");
        AssertClose(net.Forward(target, memory), OnnxModel.Load(scratch["m.onnx"]).ForwardAll(target, memory)[0], "Cajal");
    }

    [Fact]
    public void KeysBecomeNames()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2));
        OnnxExporter.Save(net, Normal(1, 4), scratch["m.onnx"], new() { InputNames = ["x"], OutputNames = ["logits"], DynamicName = "N" });
        var model = OnnxModel.Load(scratch["m.onnx"]);
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], model.NamedParameters().Select(named => named.Key));
        Assert.Equal("x: Float [N, 4]", model.Inputs.Single().ToString());
        Assert.Equal("logits: Float [N, 2]", model.Outputs.Single().ToString());
        Assert.Equal(["Gemm", "Gemm"], model.Graph.Nodes.Select(node => node.Operator));
        Assert.True(model.Graph.Nodes[0].Rectifies);
    }

    [Fact]
    public void WhatDependsOnValuesIsRefused()
    {
        using var scratch = new Scratch();
        var net = new Lambda(x => x * x.Max().Item());
        var error = Assert.Throws<NotSupportedException>(() => OnnxExporter.Save(net, Normal(2, 3), scratch["m.onnx"]));
        Assert.Contains("depends on the input in a way that was not seen", error.Message);
        Assert.False(File.Exists(scratch["m.onnx"]));
    }

    [Fact]
    public void ModeIsAsBefore()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Dropout(), new Linear(3, 2));
        OnnxExporter.Save(net, Normal(2, 3), scratch["m.onnx"]);
        Assert.True(net[0].IsTraining);
    }

    private static void Check(Module net, Tensor x, int axis)
    {
        using var scratch = new Scratch();
        net.Eval();
        OnnxExporter.Save(net, x, scratch["m.onnx"], new() { DynamicAxis = axis });
        using var plain = new NoGrad();
        var frozen = OnnxModel.Load(scratch["m.onnx"], new() { Trainable = false });
        // A batch that neither pass saw.
        foreach (var input in new[] { x, Tensor.Concat([x, x, x.Flip()], axis) })
        {
            var expected = net.Call(input);
            AssertClose(expected, Runtime.Run(scratch["m.onnx"], input)[0], "ONNX Runtime");
            AssertClose(expected, OnnxModel.Load(scratch["m.onnx"]).Forward(input), "Cajal");
            for (int time = 0; time < 3; time++) AssertClose(expected, frozen.Forward(input), "Cajal without training");
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual, string where)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double worst = expected.Count == 0 ? 0 : ((actual - expected).Abs() / (expected.Abs() + 1)).Max().Item();
        Assert.True(worst <= Tolerance, $"{where}: off by {worst}");
    }

    private static Module Warm(Module net, Tensor x)
    {
        net.Train();
        net.Call(x * 2 + 1);
        return net;
    }

    private static Tensor Normal(params int[] shape) => Tensor.Normal(shape, generator: new Generator((ulong)shape.Aggregate(7, (seed, length) => seed * 31 + length)));
}
