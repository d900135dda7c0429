namespace Cajal.Models;

/// <summary>
/// The generator of a DCGAN (Radford, Metz and Chintala 2016): noise z [N, latent] or [N, latent, 1, 1] → images [N, imageChannels, side, side] in [-1, 1]. Transposed convolutions, batch
/// normalisation and rectifiers, tanh at the end. Keys are those of PyTorch's example (<c>main.0.weight</c>).
/// </summary>
public sealed partial class DcganGenerator : Module
{
    private readonly Sequential main;

    /// <summary>Starts from the paper's normal weights.</summary>
    /// <param name="latent">Numbers of noise per image.</param>
    /// <param name="channels">Maps of the layer before the image; each layer before has twice as many.</param>
    /// <param name="side">Height and width: m · 2ᵏ with m from 4 to 7.</param>
    /// <param name="imageChannels">1 for grey, 3 for colour.</param>
    /// <exception cref="ArgumentException">No such side.</exception>
    public DcganGenerator(int latent = 64, int channels = 32, int side = 28, int imageChannels = 1)
    {
        (Latent, Channels, Side, ImageChannels) = (latent, channels, side, imageChannels);
        main = DcganStages.Painter(latent, channels, side, imageChannels);
        DcganStages.Start(main);
    }

    /// <summary>Numbers of noise per image.</summary>
    public int Latent { get; }

    /// <summary>Maps of the layer before the image.</summary>
    public int Channels { get; }

    /// <summary>Height and width of an image.</summary>
    public int Side { get; }

    /// <summary>1 for grey, 3 for colour.</summary>
    public int ImageChannels { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The noise has another length.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[1] != Latent || x.Count != x.Shape[0] * Latent) throw new ShapeException($"{Label}: the noise must be [N, latent = {Latent}], but it is {x.Shape}.");
        return Report(x, main.Call(x.Reshape(x.Shape[0], Latent, 1, 1)));
    }

    /// <summary>Standard normal noise [count, latent] for <see cref="Forward"/>.</summary>
    /// <param name="count">Images wanted.</param>
    /// <param name="random">Where numbers come from; the ambient generator when null.</param>
    public Tensor Noise(int count, Generator? random = null) => Tensor.Normal([count, Latent], generator: random);
}
