namespace Cajal.Tests.IO;

/// <summary>Networks of PyTorch and Keras compute in this library what they compute there.</summary>
public sealed class LoadWeightsTests
{
    private static Sequential Small() => new(new Conv2d(1, 3, 3), new BatchNorm2d(3), new ReLU(), new Flatten(), new Linear(48, 5));

    private static Sequential Images() => new(
        new Conv2d(2, 4, 3), new BatchNorm2d(4, epsilon: 1e-3), new ReLU(), new Conv2d(4, 4, 2, groups: 4), new ConvTranspose2d(4, 3, 2), new Flatten(),
        new Linear(60, 6), new ReLU(), new Linear(6, 3));

    private static Sequential Sequences() => new(
        new Embedding(9, 4), new LSTM(4, 5, batchFirst: true), new LSTM(5, 3, batchFirst: true, bidirectional: true), new GRU(6, 4, batchFirst: true), new RNN(4, 2, batchFirst: true));

    [Theory]
    [InlineData("checkpoint.pt", "model.")]
    [InlineData("module.pt", "")]
    public void AConvolutionalNetworkOfPyTorch(string file, string part)
    {
        var net = Small();
        Assert.Equal(part, net.LoadWeights(ForeignFiles.PathOf(file)).Part);
        Check(net, file, DType.Float32);
    }

    [Theory]
    [InlineData("keras2-weights.h5")]
    [InlineData("keras2-model.h5")]
    [InlineData("keras3.weights.h5")]
    [InlineData("keras3.keras")]
    public void AConvolutionalNetworkOfKeras(string file)
    {
        var net = Images();
        Assert.True(net.LoadWeights(ForeignFiles.PathOf(file)).IsComplete);
        Check(net, file, DType.Float32);
    }

    [Theory]
    [InlineData("keras2-recurrent.h5")]
    [InlineData("keras3-recurrent.weights.h5")]
    public void ARecurrentNetworkOfKeras(string file)
    {
        var net = Sequences();
        Assert.True(net.LoadWeights(ForeignFiles.PathOf(file)).IsComplete);
        Check(net, file, DType.Int64);
    }

    // Each channel has two filters, then the channels are mixed; the normalisation has a scale and no shift.
    [Fact]
    public void ASeparableConvolutionOfKerasIsTwoHere()
    {
        var net = new Sequential(new Conv2d(3, 6, 2, groups: 3, bias: false), new Conv2d(6, 4, 1), new BatchNorm2d(4, epsilon: 1e-3));
        Assert.True(net.LoadWeights(ForeignFiles.PathOf("keras2-separable.h5")).IsComplete);
        Check(net, "keras2-separable.h5", DType.Float32);
    }

    [Fact]
    public void AModelOfKerasInsideAnother()
    {
        var net = new Sequential(new Sequential(new Linear(3, 5), new ReLU(), new Linear(5, 4)), new Linear(4, 2));
        Assert.True(net.LoadWeights(ForeignFiles.PathOf("keras2-nested.h5")).IsComplete);
        Check(net, "keras2-nested.h5", DType.Float32);
        using var file = TensorFile.Open(ForeignFiles.PathOf("keras2-nested.h5"));
        Assert.Equal(["body.dense.weight", "body.dense.bias", "body.dense_1.weight", "body.dense_1.bias", "a_head.weight", "a_head.bias"], file.StateEntries.Select(entry => entry.Name));
    }

    [Fact]
    public void AKeyMapChoosesLayersOfKeras()
    {
        var net = new Sequential(new Linear(6, 3));
        net.LoadWeights(ForeignFiles.PathOf("keras2-weights.h5"), keyMap: key => key.StartsWith("logits.", StringComparison.Ordinal) ? $"0.{key["logits.".Length..]}" : null);
        using var file = TensorFile.Open(ForeignFiles.PathOf("keras2-weights.h5"));
        Assert.Equal(file.Read("logits/logits/kernel:0").Transpose(0, 1).ToArray<float>(), ((Linear)net[0]).Weight.ToArray<float>());
    }

    [Fact]
    public void AGruThatResetsBeforeIsRefused()
    {
        var error = Assert.Throws<InvalidDataException>(() => new GRU(6, 4).LoadWeights(ForeignFiles.PathOf("keras2-gru-before.h5")));
        Assert.Contains("\"gru\" was made with reset_after=False", error.Message);
    }

    [Fact]
    public void WhatDoesNotFitIsNamedAndAKeyMapOffered()
    {
        using var scratch = new Scratch();
        var net = new Sequential(new Linear(2, 3), new Linear(3, 4));
        PyTorch.Save(scratch["a"], net.StateDict().Select(pair => KeyValuePair.Create("layer" + pair.Key, pair.Value)));
        var other = new Sequential(new Linear(2, 3), new Linear(3, 4));
        var error = Assert.Throws<StateDictException>(() => other.LoadWeights(scratch["a"]));
        Assert.Contains("4 missing, 4 unexpected", error.Message);
        Assert.Contains("unexpected: \"layer0.weight\" [3, 2]", error.Message);
        Assert.Contains("as in \"layer0.weight\" -> \"0.weight\"", error.Message);
        other.LoadWeights(scratch["a"], keyMap: key => error.Report.Renames.GetValueOrDefault(key, key));
        Assert.Equal(net.StateDict()["1.weight"].ToArray<float>(), other.StateDict()["1.weight"].ToArray<float>());

        var wide = new Sequential(new Linear(2, 5), new Linear(5, 4));
        var misshaped = Assert.Throws<StateDictException>(() => wide.LoadWeights(scratch["a"], keyMap: key => key["layer".Length..]));
        Assert.Contains("wrong shape: \"0.weight\" is [3, 2], but the module needs [5, 2]", misshaped.Message);
        Assert.Empty(misshaped.Report.Renames);
    }

    [Fact]
    public void APartIsTakenOnlyIfItIsTheOnlyOne()
    {
        using var scratch = new Scratch();
        var state = new Linear(2, 3).StateDict();
        Safetensors.Save(scratch["a"], state.Select(pair => KeyValuePair.Create("model." + pair.Key, pair.Value)).Concat(state.Select(pair => KeyValuePair.Create("average." + pair.Key, pair.Value))));
        Assert.Throws<StateDictException>(() => new Linear(2, 3).LoadWeights(scratch["a"]));
        var report = new Linear(2, 3).LoadWeights(scratch["a"], keyMap: key => key.StartsWith("average.", StringComparison.Ordinal) ? key["average.".Length..] : null);
        Assert.True(report.IsComplete);
    }

    private static void Check(Module net, string file, DType input)
    {
        net.Eval();
        using var scope = new NoGrad();
        var y = net.Forward(ForeignFiles.Tensor(file, "x", input));
        double[] expected = ForeignFiles.Tensor(file, "y", DType.Float64).ToArray<double>(), actual = y.ToArray<double>();
        double largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-5 * Math.Max(1, largest), $"{i}: {actual[i]} in place of {expected[i]}");
    }
}
