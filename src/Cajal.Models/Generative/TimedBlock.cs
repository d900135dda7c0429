namespace Cajal.Models;

/// <summary>
/// A residual block that knows the time (Ho et al. 2020): y = skip(x) + conv(silu(norm(conv(silu(norm(x))) + W silu(e)))), x [N, inChannels, H, W] and e [N, timeWidth] → y
/// [N, outChannels, H, W]. The second convolution starts at zero, so a new block passes x on.
/// </summary>
/// <param name="inChannels">Channels of x.</param>
/// <param name="outChannels">Channels of y.</param>
/// <param name="timeWidth">Length of the time's embedding.</param>
/// <param name="groups">Of the normalisations; divides both numbers of channels.</param>
public sealed partial class TimedBlock(int inChannels, int outChannels, int timeWidth, int groups = 8) : Module
{
    private readonly GroupNorm norm1 = new(groups, inChannels);
    private readonly Conv2d conv1 = new(inChannels, outChannels, 3, padding: 1);
    private readonly Linear time = new(timeWidth, outChannels);
    private readonly GroupNorm norm2 = new(groups, outChannels);
    private readonly Conv2d conv2 = DiffusionUNet.Zero(new(outChannels, outChannels, 3, padding: 1));
    private readonly Conv2d? skip = inChannels == outChannels ? null : new(inChannels, outChannels, 1);

    /// <summary>One pass.</summary>
    /// <param name="x">[N, inChannels, H, W].</param>
    /// <param name="embedding">[N, timeWidth].</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor x, Tensor embedding)
    {
        var h = conv1.Forward(norm1.Forward(x).Silu());
        h += time.Forward(embedding.Silu()).Unsqueeze(-1).Unsqueeze(-1);
        h = conv2.Forward(norm2.Forward(h).Silu());
        return Report(x, h + (skip is null ? x : skip.Forward(x)));
    }
}
