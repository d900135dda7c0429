namespace Cajal.Models;

/// <summary>
/// The critic of a Wasserstein GAN with gradient penalty (Gulrajani et al. 2017): images [N, imageChannels, side, side] → scores [N, 1], unbounded, larger for "real". The discriminator of a
/// DCGAN without batch normalisation: the penalty is on the slope at each image by itself, which has no meaning where images of a batch depend on each other.
/// </summary>
public sealed partial class Critic : Module
{
    private readonly Sequential main;

    /// <summary>Starts from the layers' usual uniform weights.</summary>
    /// <inheritdoc cref="DcganDiscriminator(int, int, int)"/>
    public Critic(int channels = 32, int side = 28, int imageChannels = 1)
    {
        (Channels, Side, ImageChannels) = (channels, side, imageChannels);
        main = DcganStages.Judge(channels, side, imageChannels, batchNorm: false, nameof(Critic));
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
