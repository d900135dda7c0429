namespace Cajal.Tests.Training;

/// <summary>Small trainings that use everything with a memory: convolution, dropout, momentum, augmentation, callbacks, metrics.</summary>
internal static class Workshop
{
    internal static readonly Transform Augment = new Compose(new RandomShift(0.2), new GaussianNoise(0.1));

    internal static (Dataset Train, Dataset Validation) Digits(int count = 60) => Datasets.Digits().Take(count + 30).Split((double)count / (count + 30), seed: 3);

    internal static Sequential Net(ulong seed, double dropout = 0.3)
    {
        using var scope = new Generator(seed).Use();
        return new(new Conv2d(1, 4, kernel: 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Dropout(dropout), new Linear(36, 10));
    }

    internal static Trainer Trainer(ulong seed, double dropout = 0.3, params Callback[] callbacks)
    {
        var net = Net(seed, dropout);
        return new(net, new CrossEntropyLoss(), new Sgd(net, 0.05, momentum: 0.9))
        {
            Metrics = [new Accuracy(), new TopKAccuracy(3)],
            Callbacks = callbacks,
            Schedule = share => 1 - 0.5 * share,
            ClipGradientNorm = 2,
        };
    }

    /// <summary>All weights, as bits.</summary>
    internal static uint[] Bits(Module net) => [.. net.StateDict().SelectMany(pair => pair.Value.ToArray<float>()).Select(BitConverter.SingleToUInt32Bits)];

    /// <summary>All figures of all epochs, as bits; times aside, which never repeat.</summary>
    internal static (string, long)[] Bits(History history) =>
        [.. history.Epochs.SelectMany(epoch => epoch.Figures.Append(new("lr", epoch.LearningRate)).Select(figure => ($"{epoch.Epoch} {figure.Key}", BitConverter.DoubleToInt64Bits(figure.Value))))];

    /// <summary>x [n, 2] around two centres, classes 0 and 1.</summary>
    internal static TensorDataset Blobs(int count, int seed = 1)
    {
        var random = new Generator((ulong)seed);
        var inputs = new float[2 * count];
        random.FillNormal(inputs);
        for (int i = 0; i < count; i++) inputs[2 * i] += i % 2 == 0 ? 1.5f : -1.5f;
        return new(Tensor.From(inputs, count, 2), Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(i % 2))], count));
    }

    internal static Sequential Small(ulong seed, int outputs = 2)
    {
        using var scope = new Generator(seed).Use();
        return new(new Linear(2, 8), new Tanh(), new Linear(8, outputs));
    }
}

/// <summary>Runs something at each event of its kind.</summary>
internal sealed class Watch : Callback
{
    internal Action<TrainingContext>? Fit { get; init; }

    internal Action<TrainingContext>? Batch { get; init; }

    internal Action<TrainingContext>? Step { get; init; }

    internal Action<TrainingContext>? Epoch { get; init; }

    internal Action<TrainingContext>? End { get; init; }

    public override void BeforeFit(TrainingContext context) => Fit?.Invoke(context);

    public override void AfterStep(TrainingContext context) => Step?.Invoke(context);

    public override void AfterBatch(TrainingContext context) => Batch?.Invoke(context);

    public override void AfterEpoch(TrainingContext context) => Epoch?.Invoke(context);

    public override void AfterFit(TrainingContext context) => End?.Invoke(context);
}
