namespace Cajal.Models;

/// <summary>
/// A single-shot detector that looks for the middles of objects (Zhou, Wang and Krähenbühl 2019, "Objects as points"): x [N, inChannels, H, W] → y [N, classes + 4, H/4, W/4]. For every cell of
/// 4 x 4 pixels y holds a logit per class, "the middle of one of these is here", then the offset of the middle within the cell and the logarithm of the sides. <see cref="CentreCode"/> turns boxes
/// into targets and answers into boxes, <see cref="CentreLoss"/> is what is minimised.
/// </summary>
/// <remarks>Three convolutions, two of them with stride 2, lead to a U-Net on the grid of cells, which joins what lies around with what lies near.</remarks>
public sealed partial class CentreDetector : Module
{
    /// <summary>Pixels per cell.</summary>
    public const int Stride = 4;

    private readonly Sequential stem;
    private readonly UNet body;

    /// <summary>At first every cell gives every class one chance in a hundred, so that the many empty cells do not swamp the first steps (Lin et al. 2017).</summary>
    /// <param name="inChannels">Channels of the image.</param>
    /// <param name="classes">Kinds of objects, K.</param>
    /// <param name="width">Channels of the first layers; the grid has twice as many.</param>
    /// <param name="depth">How often the grid is halved on the way.</param>
    public CentreDetector(int inChannels, int classes, int width = 32, int depth = 1)
    {
        const double FirstChance = 0.01;
        (InChannels, Classes, Width, Depth) = (inChannels, classes, width, depth);
        stem = new(
            new Conv2d(inChannels, width / 2, 3, padding: 1, bias: false), new BatchNorm2d(width / 2), new ReLU(),
            new Conv2d(width / 2, width, 3, stride: 2, padding: 1, bias: false), new BatchNorm2d(width), new ReLU(),
            new Conv2d(width, 2 * width, 3, stride: 2, padding: 1, bias: false), new BatchNorm2d(2 * width), new ReLU());
        body = new(2 * width, classes + CentreCode.BoxNumbers, 2 * width, depth);
        body.Head.Bias!.AsSpan<float>()[..classes].Fill((float)Math.Log(FirstChance / (1 - FirstChance)));
        body.Head.Bias!.AsSpan<float>()[classes..].Clear();
    }

    /// <summary>Channels of the image.</summary>
    public int InChannels { get; }

    /// <summary>Kinds of objects, K.</summary>
    public int Classes { get; }

    /// <summary>Channels of the first layers.</summary>
    public int Width { get; }

    /// <summary>How often the grid is halved on the way.</summary>
    public int Depth { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels, or a side that does not divide into cells that can be halved.</exception>
    public override Tensor Forward(Tensor x)
    {
        int multiple = Stride << Depth;
        if (x.Shape.Rank != 4 || x.Shape[1] != InChannels || x.Shape[2] % multiple != 0 || x.Shape[3] % multiple != 0)
            throw new ShapeException($"{Label}: x must be [N, {InChannels}, H, W] with sides that are multiples of {multiple}, but it is {x.Shape}. Pad it.");
        return Report(x, body.Call(stem.Call(x)));
    }
}
