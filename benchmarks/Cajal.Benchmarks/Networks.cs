namespace Cajal.Benchmarks;

/// <summary>The networks that the training and inference workloads share.</summary>
internal static class Networks
{
    /// <summary>x [N, 784] → logits [N, 10].</summary>
    internal static Module Mlp(int first = 256, int second = 128) => new Sequential(new Linear(784, first), new ReLU(), new Linear(first, second), new ReLU(), new Linear(second, 10));

    /// <summary>x [N, 1, 28, 28] → logits [N, 10]; tanh and average pooling, as in 1998.</summary>
    internal static Module LeNet5() => new Sequential(
        new Conv2d(1, 6, 5, padding: 2), new Tanh(), new AvgPool2d(2), new Conv2d(6, 16, 5), new Tanh(), new AvgPool2d(2),
        new Flatten(), new Linear(400, 120), new Tanh(), new Linear(120, 84), new Tanh(), new Linear(84, 10));

    /// <summary>x [N, 1, 28, 28] → logits [N, 10].</summary>
    internal static Module Cnn(bool dropout)
    {
        Module[] layers =
        [
            new Conv2d(1, 32, 3), new ReLU(), new Conv2d(32, 64, 3), new ReLU(), new MaxPool2d(2), .. dropout ? [new Dropout(0.25)] : Array.Empty<Module>(),
            new Flatten(), new Linear(9216, 128), new ReLU(), .. dropout ? [new Dropout(0.5)] : Array.Empty<Module>(), new Linear(128, 10),
        ];
        return new Sequential(layers);
    }
}
