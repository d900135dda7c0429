namespace Cajal.Models;

/// <summary>
/// AlexNet as published (Krizhevsky, Sutskever and Hinton 2012): five convolutions, of which the second, fourth and fifth see half of the channels each, as they were cut over two processors; local
/// response normalisation behind the first two; overlapping pooling; three dense layers with dropout. x [N, 3, 224, 224] → logits [N, classes]; 60,965,224 parameters for 1,000 classes.
/// </summary>
public static class AlexNet
{
    private const int Window = 5;

    /// <summary>The paper's alpha weighs a sum over the window, the layer's a mean.</summary>
    private const double Alpha = 1e-4 * Window;

    private const double Beta = 0.75, K = 2, Deviation = 0.01;

    /// <summary>The network of the paper, with its start: weights of deviation 0.01, biases of 1 behind the second, fourth and fifth convolution and in the hidden dense layers, else of 0.</summary>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="dropout">Share dropped before each of the two hidden dense layers.</param>
    public static Sequential Published(int classes = 1000, double dropout = 0.5)
    {
        const int Features = 256 * 6 * 6, Hidden = 4096;
        var net = new Sequential(
            new Conv2d(3, 96, 11, stride: 4, padding: 2), new ReLU(), Dampen(), new MaxPool2d(3, 2),
            new Conv2d(96, 256, 5, padding: 2, groups: 2), new ReLU(), Dampen(), new MaxPool2d(3, 2),
            new Conv2d(256, 384, 3, padding: 1), new ReLU(),
            new Conv2d(384, 384, 3, padding: 1, groups: 2), new ReLU(),
            new Conv2d(384, 256, 3, padding: 1, groups: 2), new ReLU(), new MaxPool2d(3, 2),
            new Flatten(), new Dropout(dropout), new Linear(Features, Hidden), new ReLU(), new Dropout(dropout), new Linear(Hidden, Hidden), new ReLU(), new Linear(Hidden, classes));
        int[] active = [4, 10, 12, 17, 20];
        for (int i = 0; i < net.Count; i++)
        {
            var (weight, bias) = net[i] switch
            {
                Conv2d convolution => (convolution.Weight, convolution.Bias!),
                Linear dense => (dense.Weight, dense.Bias!),
                _ => default((Parameter, Parameter)),
            };
            if (weight is null) continue;
            weight.CopyFrom(Tensor.Normal(weight.Shape, 0, Deviation));
            bias.Fill(active.Contains(i) ? 1 : 0);
        }
        return net;
    }

    /// <summary>
    /// The same plan for small images: five convolutions, the first with a large kernel, local response normalisation, overlapping pooling, three dense layers with dropout. x [N, channels, side, side] → logits
    /// [N, classes].
    /// </summary>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="side">Their height and width, at least 16.</param>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="width">Filters of the first convolution; the others have three to four times as many, about as in the paper.</param>
    /// <param name="dropout">Share dropped before each of the two hidden dense layers.</param>
    public static Sequential Scaled(int channels, int side, int classes, int width = 32, double dropout = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 16);
        const int FirstKernel = 7, Hidden = 256;
        int afterFirst = Pooled(side), afterSecond = Pooled(afterFirst), afterLast = Pooled(afterSecond);
        var first = new Conv2d(channels, width, FirstKernel, padding: FirstKernel / 2);
        var net = new Sequential(
            first, new ReLU(), Dampen(), new MaxPool2d(3, 2),
            new Conv2d(width, 3 * width, 5, padding: 2, groups: 2), new ReLU(), Dampen(), new MaxPool2d(3, 2),
            new Conv2d(3 * width, 4 * width, 3, padding: 1), new ReLU(),
            new Conv2d(4 * width, 4 * width, 3, padding: 1, groups: 2), new ReLU(),
            new Conv2d(4 * width, 3 * width, 3, padding: 1, groups: 2), new ReLU(), new MaxPool2d(3, 2),
            new Flatten(), new Dropout(dropout), new Linear(3 * width * afterLast * afterLast, Hidden), new ReLU(), new Dropout(dropout), new Linear(Hidden, Hidden), new ReLU(), new Linear(Hidden, classes));
        // Eight layers without batch normalisation: starts that keep the variance learn faster from the first epoch on.
        foreach (var layer in net)
        {
            if (layer is Conv2d convolution) convolution.Weight.CopyFrom(Initialise.KaimingNormal(convolution.Weight.Shape));
            else if (layer is Linear dense && dense != net[^1]) dense.Weight.CopyFrom(Initialise.KaimingNormal(dense.Weight.Shape));
        }
        // Small, as in the paper: the picture of a filter then shows what it learned, not where it began.
        first.Weight.CopyFrom(Tensor.Normal(first.Weight.Shape, 0, Deviation));
        return net;
    }

    /// <summary>Windows of three, two apart: neighbours overlap.</summary>
    private static int Pooled(int side) => (side - 3) / 2 + 1;

    private static LocalResponseNorm Dampen() => new(Window, Alpha, Beta, K);
}
