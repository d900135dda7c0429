namespace Cajal.Models;

/// <summary>
/// Networks of 3 x 3 convolutions alone, in blocks between poolings (Simonyan and Zisserman 2015), with batch normalisation: x [N, inChannels, side, side] → logits [N, classes]. Keys are those of torchvision:
/// <c>features.0</c>, ..., <c>classifier.0</c>, ...
/// </summary>
public sealed partial class Vgg : Module
{
    private readonly int inChannels, side, classes, hidden;
    private readonly int[] widths, convolutions;
    private readonly double dropout;
    private readonly Sequential features, classifier;

    /// <summary>Makes a network.</summary>
    /// <param name="inChannels">Channels of the images.</param>
    /// <param name="side">Their height and width.</param>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="widths">Channels of each block.</param>
    /// <param name="convolutions">Convolutions in each block, before it is pooled to half the height and width.</param>
    /// <param name="hidden">Units in each of the two hidden dense layers.</param>
    /// <param name="dropout">Share dropped behind each of them.</param>
    /// <exception cref="ArgumentException">There are not as many widths as numbers of convolutions, or the images are too small for so many poolings.</exception>
    public Vgg(int inChannels, int side, int classes, int[] widths, int[] convolutions, int hidden = 4096, double dropout = 0.5)
    {
        if (widths.Length == 0 || widths.Length != convolutions.Length) throw new ArgumentException($"Vgg: give as many widths as numbers of convolutions; there are {widths.Length} and {convolutions.Length}.", nameof(convolutions));
        int after = side >> widths.Length;
        if (after == 0) throw new ArgumentException($"Vgg: images of {side} pixels cannot be halved {widths.Length} times; give fewer blocks.", nameof(widths));
        (this.inChannels, this.side, this.classes, this.widths, this.convolutions, this.hidden, this.dropout) = (inChannels, side, classes, [.. widths], [.. convolutions], hidden, dropout);
        var layers = new List<Module>();
        int channels = inChannels;
        for (int block = 0; block < widths.Length; block++)
        {
            for (int i = 0; i < convolutions[block]; i++)
            {
                var convolution = new Conv2d(channels, widths[block], 3, padding: 1);
                convolution.Weight.CopyFrom(Initialise.KaimingNormal(convolution.Weight.Shape, fanOut: true));
                layers.AddRange([convolution, new BatchNorm2d(widths[block]), new ReLU()]);
                channels = widths[block];
            }
            layers.Add(new MaxPool2d(2));
        }
        features = new([.. layers]);
        classifier = new(new Linear(channels * after * after, hidden), new ReLU(), new Dropout(dropout), new Linear(hidden, hidden), new ReLU(), new Dropout(dropout), new Linear(hidden, classes));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, classifier.Forward(features.Forward(x).Flatten(1)));
}
