namespace Cajal.Models;

/// <summary>Two padded 3 x 3 convolutions, each with batch normalisation and a rectifier: x [N, inChannels, H, W] → y [N, outChannels, H, W]. The piece that U-Nets are made of.</summary>
public sealed partial class DoubleConvolution : Module
{
    private readonly Conv2d conv1, conv2;
    private readonly BatchNorm2d norm1, norm2;

    /// <summary>The normalisation brings an offset of its own, so the convolutions have none.</summary>
    /// <param name="inChannels">Channels of x.</param>
    /// <param name="outChannels">Channels of y.</param>
    public DoubleConvolution(int inChannels, int outChannels)
    {
        (InChannels, OutChannels) = (inChannels, outChannels);
        (conv1, norm1) = (new(inChannels, outChannels, 3, padding: 1, bias: false), new(outChannels));
        (conv2, norm2) = (new(outChannels, outChannels, 3, padding: 1, bias: false), new(outChannels));
    }

    /// <summary>Channels of x.</summary>
    public int InChannels { get; }

    /// <summary>Channels of y.</summary>
    public int OutChannels { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, norm2.Call(conv2.Call(norm1.Call(conv1.Call(x)).Relu())).Relu());
}
