namespace Cajal.Models;

/// <summary>
/// The discriminator of a DCGAN (Radford, Metz and Chintala 2016): images [N, imageChannels, side, side] → logits [N, 1], positive for "real". Strided convolutions, leaky rectifiers of slope
/// 0.2, batch normalisation in all but the first layer. Keys are those of PyTorch's example.
/// </summary>
public sealed partial class DcganDiscriminator : Module
{
    private readonly Sequential main;

    /// <summary>Starts from the paper's normal weights.</summary>
    /// <param name="channels">Maps of the first layer; each further layer has twice as many.</param>
    /// <param name="side">Height and width: m · 2ᵏ with m from 4 to 7.</param>
    /// <param name="imageChannels">1 for grey, 3 for colour.</param>
    /// <exception cref="ArgumentException">No such side.</exception>
    public DcganDiscriminator(int channels = 32, int side = 28, int imageChannels = 1)
    {
        (Channels, Side, ImageChannels) = (channels, side, imageChannels);
        main = DcganStages.Judge(channels, side, imageChannels, batchNorm: true, nameof(DcganDiscriminator));
        DcganStages.Start(main);
    }

    /// <summary>Maps of the first layer.</summary>
    public int Channels { get; }

    /// <summary>Height and width of an image.</summary>
    public int Side { get; }

    /// <summary>1 for grey, 3 for colour.</summary>
    public int ImageChannels { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The images have another shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Shape[1] != ImageChannels || x.Shape[2] != Side || x.Shape[3] != Side) throw new ShapeException($"{Label}: x must be [N, {ImageChannels}, {Side}, {Side}], but it is {x.Shape}.");
        return Report(x, main.Call(x));
    }
}
