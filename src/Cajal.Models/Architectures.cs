namespace Cajal.Models;

/// <summary>Small networks by name, built from layers, so that a saved one reloads without code.</summary>
public static class Architectures
{
    /// <summary>x [N, ...] → logits [N, outputs]: dense layers with rectifiers and dropout between them.</summary>
    /// <param name="inputs">Numbers per sample.</param>
    /// <param name="outputs">Classes, or target columns.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="dropout">Share dropped after each hidden layer; 0 leaves dropout out.</param>
    public static Sequential Mlp(int inputs, int outputs, ReadOnlySpan<int> hidden, double dropout = 0)
    {
        var layers = new List<Module> { new Flatten() };
        int width = inputs;
        foreach (int next in hidden)
        {
            layers.Add(new Linear(width, next));
            layers.Add(new ReLU());
            if (dropout > 0) layers.Add(new Dropout(dropout));
            width = next;
        }
        layers.Add(new Linear(width, outputs));
        return new([.. layers]);
    }

    /// <summary>LeNet-5 in its modern form, with max pooling and rectifiers (LeCun et al. 1998): x [N, channels, side, side] → logits [N, classes], side ≥ 12.</summary>
    public static Sequential LeNet5(int channels, int side, int classes)
    {
        int after = (side / 2 - 4) / 2;
        return new(new Conv2d(channels, 6, 5, padding: 2), new ReLU(), new MaxPool2d(2), new Conv2d(6, 16, 5), new ReLU(), new MaxPool2d(2),
            new Flatten(), new Linear(16 * after * after, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, classes));
    }

    /// <summary>
    /// Two padded 3 x 3 convolutions (32 and 64 filters), pooling, a dense layer of 128, dropout: x [N, channels, side, side] → logits [N, classes]. From 16
    /// pixels on, each convolution is followed by batch normalisation and pooling, which quarters the work of the second.
    /// </summary>
    public static Sequential Cnn(int channels, int side, int classes)
    {
        if (side < 16)
        {
            return new(new Conv2d(channels, 32, 3, padding: 1), new ReLU(), new Conv2d(32, 64, 3, padding: 1), new ReLU(), new MaxPool2d(2), new Dropout(0.25),
                new Flatten(), new Linear(64 * (side / 2) * (side / 2), 128), new ReLU(), new Dropout(0.5), new Linear(128, classes));
        }
        int after = side / 4;
        return new(new Conv2d(channels, 32, 3, padding: 1, bias: false), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),
            new Conv2d(32, 64, 3, padding: 1, bias: false), new BatchNorm2d(64), new ReLU(), new MaxPool2d(2), new Dropout(0.25),
            new Flatten(), new Linear(64 * after * after, 128), new ReLU(), new Dropout(0.5), new Linear(128, classes));
    }
}
