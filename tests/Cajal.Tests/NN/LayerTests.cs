namespace Cajal.Tests.NN;

/// <summary>Every layer: what it computes is differentiable, it survives a file, it says what is wrong.</summary>
public sealed class LayerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cajal").FullName;

    private static readonly (Module Layer, int[] Input)[] Layers =
    [
        (new Linear(3, 2), [2, 3]), (new Bilinear(3, 3, 2), [2, 3]), (new Conv1d(2, 4, 3, padding: 1, groups: 2), [2, 2, 4]), (new Conv1d(1, 1, 3, padding: 1, padMode: PadMode.Circular), [1, 1, 4]),
        (new Conv2d(1, 2, 2, stride: 2, bias: false), [1, 1, 4, 4]), (new Conv3d(1, 2, 2), [1, 1, 2, 3, 2]), (new ConvTranspose1d(2, 2, 2, stride: 2), [1, 2, 3]),
        (new ConvTranspose2d(1, 2, 2, stride: 2, padding: 1, outputPadding: 1), [1, 1, 2, 3]), (new MaxPool1d(2), [1, 2, 4]), (new MaxPool2d(2), [1, 1, 4, 4]), (new AvgPool1d(2), [1, 2, 4]), (new AvgPool2d(2), [1, 1, 4, 4]),
        (new AdaptiveAvgPool1d(2), [1, 2, 5]), (new AdaptiveAvgPool2d(2), [1, 1, 3, 5]), (new AdaptiveMaxPool1d(2), [1, 2, 5]), (new AdaptiveMaxPool2d(2), [1, 1, 3, 5]), (new GlobalAvgPool(), [2, 2, 3]), (new GlobalMaxPool(), [2, 2, 3]),
        (new Flatten(), [2, 2, 2]), (new Unflatten([2, 2]), [2, 4]), (new BatchNorm1d(3), [4, 3]), (new BatchNorm2d(2, affine: false), [2, 2, 2, 2]), (new BatchNorm1d(2, momentum: null, trackRunningStats: false), [2, 2, 3]),
        (new LayerNorm(4), [2, 4]), (new LayerNorm([2, 3], hasBias: false), [2, 2, 3]), (new RMSNorm(4), [2, 4]), (new GroupNorm(2, 4), [2, 4, 2]), (new LocalResponseNorm(3, 0.5, 0.6, 2), [2, 4, 2]), (new InstanceNorm1d(2, affine: true), [2, 2, 3]), (new InstanceNorm2d(2), [1, 2, 2, 2]),
        (new Sequential(new Linear(2, 2), new Tanh()), [2, 2]), (new Cajal.Residual(new Linear(2, 2)), [2, 2]), (new Cajal.Residual(new Linear(2, 3), new Linear(2, 3, bias: false)), [2, 2]), (new Identity(), [3]), (new Upsample(2), [1, 1, 2, 2]),
        (new Upsample(1.5, InterpolationMode.Linear, alignCorners: true), [1, 1, 4]), (new Dropout(0.4), [3]), (new Dropout1d(0.4), [1, 2, 3]), (new Dropout2d(0.4), [1, 2, 2, 2]),
        (new ReLU(), [5]), (new ReLU6(), [5]), (new LeakyReLU(0.2), [5]), (new PReLU(), [5]), (new PReLU(3), [2, 3]), (new ELU(1.5), [5]), (new CELU(1.5), [5]), (new SELU(), [5]), (new GELU(), [5]), (new SiLU(), [5]), (new Mish(), [5]),
        (new Softplus(), [5]), (new Softsign(), [5]), (new Sigmoid(), [5]), (new LogSigmoid(), [5]), (new Tanh(), [5]), (new TanhShrink(), [5]), (new HardSigmoid(), [5]), (new HardSwish(), [5]), (new HardTanh(-0.5, 0.5), [5]),
        (new HardShrink(), [5]), (new SoftShrink(), [5]), (new Threshold(0.1, -1), [5]), (new LinearActivation(2, -3), [5]), (new Softmax(), [2, 3]), (new LogSoftmax(0), [2, 3]), (new Maxout(2), [2, 4]), (new GLU(), [2, 4]),
        (new Heaviside(SurrogateKind.Triangle, 2, 0.5), [5]), (new Sign(SurrogateKind.ATan), [5]),
    ];

    /// <summary>Layers that other tests try, each with the reason.</summary>
    private static readonly Dictionary<Type, string> Elsewhere = new()
    {
        [typeof(Embedding)] = "takes whole numbers: below", [typeof(Rescale)] = "is fitted, not learned: below", [typeof(Lambda)] = "cannot be written to a file: below",
        [typeof(ModuleList)] = "has no Forward: ModuleTests", [typeof(MultiheadAttention)] = "AttentionTests", [typeof(TransformerEncoderLayer)] = "TransformerTests", [typeof(TransformerDecoderLayer)] = "TransformerTests",
        [typeof(RNN)] = "RecurrentLayerTests", [typeof(LSTM)] = "RecurrentLayerTests", [typeof(GRU)] = "RecurrentLayerTests",
        [typeof(RNNCell)] = "RecurrentLayerTests", [typeof(LSTMCell)] = "RecurrentLayerTests", [typeof(GRUCell)] = "RecurrentLayerTests",
    };

    [Fact]
    public void EveryLayerIsTried()
    {
        var tried = Layers.Select(entry => entry.Layer.GetType()).Concat(Elsewhere.Keys).ToHashSet();
        var missing = typeof(Module).Assembly.GetExportedTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(Module)) && !tried.Contains(type));
        Assert.Empty(missing);
    }

    [Fact]
    public void AFunctionIsALayerThatAFileCannotHold()
    {
        var square = new Lambda(z => z.Square());
        Assert.Equal([1, 4, 9], square.Call(Tensor.From([1f, -2, 3])).ToArray<float>());
        Assert.Contains("Sequential cannot be described because Lambda", Assert.Throws<NotSupportedException>(() => new Sequential(square).Describe()).Message);
    }

    [Fact]
    public void RescaleTurnsUnitsIntoStandardOnesAndBack()
    {
        var samples = Tensor.From(new float[,] { { 1, 10 }, { 3, 10 }, { 5, 10 } });
        float[] standard = new Rescale(2).Standardising(samples).Forward(samples).ToArray<float>();
        float edge = MathF.Sqrt(1.5f);
        Assert.All(new[] { -edge, 0, 0, 0, edge, 0 }.Zip(standard), pair => Assert.Equal(pair.First, pair.Second, 1e-6f)); // a column that never changes stays 0
        float[] back = new Rescale(2).InUnitsOf(samples).Forward(new Rescale(2).Standardising(samples).Forward(samples)).ToArray<float>();
        Assert.All(samples.ToArray<float>().Zip(back), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Layers.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void SurvivesAFile(int index)
    {
        var (layer, shape) = Layers[index];
        layer.Eval();
        string path = Path.Combine(folder, "layer.safetensors");
        layer.Save(path);
        var loaded = Module.Load(path);
        loaded.Eval();
        Assert.Equal(layer.ToString(), loaded.ToString());
        using var scope = new Generator(7).Use();
        var x = Tensor.Normal(shape);
        Assert.Equal(layer.Forward(x).ToArray<float>(), loaded.Forward(x).ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void GradientsEqualDifferenceQuotients(int index)
    {
        var (layer, shape) = Layers[index];
        if (layer is Heaviside or Sign) return; // a surrogate slope is not the slope
        layer = layer.Clone();
        layer.To(DType.Float64);
        layer.Eval();
        if (layer is BatchNorm) layer.Train();
        using var scope = new Generator(11).Use();
        var x = Tensor.Normal(shape, dtype: DType.Float64);
        var report = GradientCheck.First(given => layer.Forward(given[0]), [x]);
        Assert.True(report.Passes(1e-6), $"{layer}: {report}");
    }

    [Fact]
    public void DropoutDropsWhatItSaysInTrainingOnly()
    {
        using var scope = new Generator(3).Use();
        var x = Tensor.Ones(40, 50, 6);
        foreach (Module layer in (Module[])[new Dropout(0.3), new Dropout1d(0.3)])
        {
            layer.Train();
            float[] y = layer.Forward(x).ToArray<float>();
            Assert.All(y, value => Assert.True(value == 0 || Math.Abs(value - 1 / 0.7) < 1e-6));
            Assert.InRange(y.Count(value => value == 0) / (double)y.Length, 0.26, 0.34);
            bool whole = Enumerable.Range(0, 2_000).All(channel => y.AsSpan(channel * 6, 6).ToArray().Distinct().Count() == 1);
            Assert.Equal(layer is Dropout1d, whole);
            layer.Eval();
            Assert.Same(x, layer.Forward(x));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout2d(1));
    }

    [Fact]
    public void SurrogatesLendAStepASlope()
    {
        var x = Tensor.Variable([-0.5, 0, 0.25], 3);
        new Heaviside(SurrogateKind.Triangle, 2).Forward(x).Sum().Backward();
        Assert.Equal([0, 2, 1], x.Grad!.ToArray<double>());
        var plain = Tensor.Variable([-0.5, 0, 0.25], 3);
        new Heaviside().Forward(plain).Sum().Backward();
        Assert.All(plain.Grad?.ToArray<double>() ?? [], value => Assert.Equal(0, value));
    }

    [Fact]
    public void ThePaddingRowOfAnEmbeddingStaysZero()
    {
        var layer = new Embedding(4, 3, paddingIndex: -1);
        layer.Forward(Tensor.From([0L, 3, 3], 3)).Sum().Backward();
        float[] gradient = layer.Weight.Grad!.ToArray<float>();
        Assert.Equal([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], gradient);
        Assert.All(layer.Weight.ToArray<float>()[9..], value => Assert.Equal(0, value));
        Assert.False(Embedding.From(Tensor.Ones(2, 2), trainable: false).Weight.RequiresGrad);
    }

    // A layer and its op, and the layer again from its own description.
    [Fact]
    public void LengthsMayDifferFromAxisToAxis()
    {
        Tensor image = Tensor.Normal([2, 4, 9, 7], generator: new Generator(1)), volume = Tensor.Normal([1, 2, 5, 4, 6], generator: new Generator(2));
        Check(new Conv2d(4, 6, (3, 1), stride: (2, 1), padding: (1, 0), dilation: (1, 2), groups: 2), image,
            (layer, x) => x.Conv2d(layer.Weight, layer.Bias, (2, 1), (1, 0), (1, 2), 2), "Conv2d(inChannels: 4, outChannels: 6, kernel: (3, 1), stride: (2, 1), padding: (1, 0), dilation: (1, 2), groups: 2)");
        Check(new Conv2d(4, 2, (3, 5), padding: (1, 2), padMode: PadMode.Reflect), image, (layer, x) => x.Pad([(0, 0), (0, 0), (1, 1), (2, 2)], PadMode.Reflect).Conv2d(layer.Weight, layer.Bias),
            "Conv2d(inChannels: 4, outChannels: 2, kernel: (3, 5), padding: (1, 2), padMode: Reflect)");
        Check(new Conv3d(2, 3, (1, 2, 3), bias: false), volume, (layer, x) => x.Conv3d(layer.Weight), "Conv3d(inChannels: 2, outChannels: 3, kernel: (1, 2, 3), bias: false)");
        Check(new ConvTranspose2d(4, 3, (2, 3), stride: (2, 1), outputPadding: (1, 0)), image, (layer, x) => x.ConvTranspose2d(layer.Weight, layer.Bias, (2, 1), outputPadding: (1, 0)),
            "ConvTranspose2d(inChannels: 4, outChannels: 3, kernel: (2, 3), stride: (2, 1), outputPadding: (1, 0))");
        Check(new MaxPool2d((3, 2), (2, 1), (1, 0), ceilMode: true), image, (_, x) => x.MaxPool2d((3, 2), (2, 1), (1, 0), ceilMode: true), "MaxPool2d(kernel: (3, 2), stride: (2, 1), padding: (1, 0), ceilMode: true)");
        Check(new MaxPool2d(2, dilation: 2), image, (_, x) => x.MaxPool2d(2, dilation: 2), "MaxPool2d(kernel: 2, dilation: 2)");
        Check(new AvgPool2d((2, 3), padding: 1, countIncludePad: false), image, (_, x) => x.AvgPool2d((2, 3), padding: 1, countIncludePad: false), "AvgPool2d(kernel: (2, 3), padding: 1, countIncludePad: false)");
        Check(new AdaptiveAvgPool2d((3, 1)), image, (_, x) => x.AdaptiveAvgPool2d((3, 1)), "AdaptiveAvgPool2d(size: (3, 1))");
        Check(new Cajal.Flatten(2, 3), image, (_, x) => x.Reshape(2, 4, 63), "Flatten(first: 2, last: 3)");

        static void Check<T>(T layer, Tensor x, Func<T, Tensor, Tensor> op, string text) where T : Module
        {
            Assert.StartsWith(text, layer.ToString());
            float[] expected = op(layer, x).ToArray<float>();
            Assert.Equal(expected, layer.Forward(x).ToArray<float>());
            var copy = ModuleDescription.Parse(layer.Describe().ToJson()).Build();
            copy.LoadStateDict(layer.StateDict());
            Assert.Equal(expected, copy.Forward(x).ToArray<float>());
        }
    }

    [Fact]
    public void LengthsForOtherAxesThanThereAreAreRefused()
    {
        Assert.Contains("kernel (3, 1) names 2 axes", Assert.Throws<ShapeException>(() => new Conv1d(1, 1, (3, 1))).Message);
        Assert.Contains("kernel must be at least 1, not 0", Assert.Throws<ShapeException>(() => new Conv2d(1, 1, 0)).Message);
        Assert.Contains("stride (1, 2, 3) names 3 axes", Assert.Throws<ShapeException>(() => new MaxPool2d(2, (1, 2, 3)).Forward(Tensor.Zeros(1, 1, 4, 4))).Message);
    }

    // Files written when layers took one length only: numbers, and a stride of 0 for that of the kernel.
    [Fact]
    public void DescriptionsWithOneLengthAreRead()
    {
        var pool = ModuleDescription.Parse("""{"type":"MaxPool2d","arguments":{"kernel":2,"stride":0,"padding":0}}""").Build();
        Assert.Equal(new Shape([1, 1, 2, 3]), pool.Forward(Tensor.Zeros(1, 1, 4, 6)).Shape);
        var conv = (Conv2d)ModuleDescription.Parse("""{"type":"Conv2d","arguments":{"inChannels":1,"outChannels":2,"kernel":3,"stride":1,"padding":1,"dilation":1,"groups":1,"bias":true,"padMode":"Constant"}}""").Build();
        Assert.Equal(((PerAxis)3, (PerAxis)1), (conv.Kernel, conv.Padding));
        Assert.Equal(new Shape([1, 2, 4, 6]), conv.Forward(Tensor.Zeros(1, 1, 4, 6)).Shape);
        Assert.Contains("\"kernel\" must be one, two or three whole numbers, not 4",
            Assert.Throws<InvalidDataException>(() => ModuleDescription.Parse("""{"type":"MaxPool2d","arguments":{"kernel":[1,2,3,4]}}""").Build()).Message);
    }

    [Fact]
    public void WrongShapesAreExplained()
    {
        Says("BatchNorm1d: x must be [N, C] or [N, C, L] with C = 3, but it is [2, 4].", () => new BatchNorm1d(3).Forward(Tensor.Zeros(2, 4)));
        Says("a batch of one value for each channel has no variance", () => new BatchNorm1d(3).Forward(Tensor.Zeros(1, 3)));
        Says("Conv1d: x must be [N, 2, L], but it is [2, 3, 4].", () => new Conv1d(2, 1, 1).Forward(Tensor.Zeros(2, 3, 4)));
        Says("LayerNorm: x must end with the axes [3], but it is [3, 2].", () => new LayerNorm(3).Forward(Tensor.Zeros(3, 2)));
        Says("Residual: inner gives [2, 3] but the way around it [2, 2]", () => new Cajal.Residual(new Linear(2, 3)).Forward(Tensor.Zeros(2, 2)));
        Says("the last axis of x2 must be in2Features = 2, but x2 is [1, 3]", () => new Bilinear(3, 2, 1).Forward(Tensor.Zeros(1, 3), Tensor.Zeros(1, 3)));
        Assert.Contains("cannot be cut into 2 equal groups", Assert.Throws<ArgumentException>(() => new Conv2d(3, 2, 1, groups: 2)).Message, StringComparison.Ordinal);

        static void Says(string text, Func<Tensor> call)
        {
            var error = Assert.Throws<ShapeException>(() => { call(); });
            Assert.Contains(text, error.Message.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
