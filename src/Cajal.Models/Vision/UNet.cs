namespace Cajal.Models;

/// <summary>
/// U-Net (Ronneberger, Fischer and Brox 2015): an image is halved several times while its channels double, then enlarged again, and at every size what was seen on the way down joins what
/// comes up, so that the answer knows both what is there and exactly where. x [N, inChannels, H, W] → y [N, outChannels, H, W], a vector of logits for every pixel.
/// </summary>
/// <remarks>
/// Convolutions are padded, so sides stay as they are, and normalised; the paper has neither. Enlarging is the paper's 2 x 2 transposed convolution. Without skips it makes as many channels as the
/// skip would have brought, so that every later layer has the same size and the net is no smaller.
/// </remarks>
public sealed partial class UNet : Module
{
    private readonly DoubleConvolution[] encoder, decoder;
    private readonly ConvTranspose2d[] up;
    private readonly Conv2d head;

    /// <summary>The paper's network is <c>new UNet(1, 2, width: 64, depth: 4)</c>.</summary>
    /// <param name="inChannels">Channels of the image.</param>
    /// <param name="outChannels">Numbers for every pixel: classes, key points.</param>
    /// <param name="width">Channels at full size; they double with every halving.</param>
    /// <param name="depth">How often the image is halved.</param>
    /// <param name="skips">Whether the way up sees the way down.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public UNet(int inChannels, int outChannels, int width = 32, int depth = 3, bool skips = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        (InChannels, OutChannels, Width, Depth, Skips) = (inChannels, outChannels, width, depth, skips);
        encoder = [.. Enumerable.Range(0, depth + 1).Select(level => new DoubleConvolution(level == 0 ? inChannels : width << (level - 1), width << level))];
        up = [.. Enumerable.Range(0, depth).Select(level => new ConvTranspose2d(width << (level + 1), width << (skips ? level : level + 1), 2, stride: 2))];
        decoder = [.. Enumerable.Range(0, depth).Select(level => new DoubleConvolution(width << (level + 1), width << level))];
        head = new(width, outChannels, 1);
    }

    /// <summary>Channels of the image.</summary>
    public int InChannels { get; }

    /// <summary>Numbers for every pixel.</summary>
    public int OutChannels { get; }

    /// <summary>Channels at full size.</summary>
    public int Width { get; }

    /// <summary>How often the image is halved.</summary>
    public int Depth { get; }

    /// <summary>Whether the way up sees the way down.</summary>
    public bool Skips { get; }

    /// <summary>The last layer, 1 x 1, which alone depends on the task: its keys begin with <see cref="HeadKey"/>.</summary>
    public Conv2d Head => head;

    /// <summary>What the keys of <see cref="Head"/> begin with.</summary>
    public const string HeadKey = "head.";

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels, or a side that cannot be halved <see cref="Depth"/> times.</exception>
    public override Tensor Forward(Tensor x)
    {
        int multiple = 1 << Depth;
        if (x.Shape.Rank != 4 || x.Shape[1] != InChannels || x.Shape[2] % multiple != 0 || x.Shape[3] % multiple != 0)
            throw new ShapeException($"{Label}: x must be [N, {InChannels}, H, W] with sides that are multiples of {multiple}, because they are halved {Depth} times, but x is {x.Shape}. Pad it, or make the net less deep.");
        var seen = new Tensor[Depth];
        var y = x;
        for (int level = 0; level < Depth; level++)
        {
            seen[level] = encoder[level].Call(y);
            y = seen[level].MaxPool2d(2);
        }
        y = encoder[Depth].Call(y);
        for (int level = Depth - 1; level >= 0; level--)
        {
            y = up[level].Call(y);
            y = decoder[level].Call(Skips ? Tensor.Concat([seen[level], y], axis: 1) : y);
        }
        return Report(x, head.Call(y));
    }

    /// <summary>Takes over all weights of a network trained for another task, except the last layer (transfer learning).</summary>
    /// <param name="pretrained">A network of the same width, depth and skips; it may have another number of outputs.</param>
    /// <exception cref="StateDictException">It is built otherwise.</exception>
    public void TakeOver(UNet pretrained)
    {
        ArgumentNullException.ThrowIfNull(pretrained);
        var body = pretrained.StateDict().Where(pair => !pair.Key.StartsWith(HeadKey, StringComparison.Ordinal));
        LoadStateDict([.. body, .. StateDict().Where(pair => pair.Key.StartsWith(HeadKey, StringComparison.Ordinal))]);
    }
}
