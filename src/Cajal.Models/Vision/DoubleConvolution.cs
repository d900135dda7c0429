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

    /// <summary>
    /// Scales each filter bank to a norm, and the statistics behind it likewise. What comes out of a normalisation stays the same, but steps of an optimiser now turn the filters as fast as those of
    /// a new block: training makes them grow, and the larger they are the less a step of one size changes their direction.
    /// </summary>
    /// <param name="norms">Norms of the two filter banks, see <see cref="FilterNorms"/>.</param>
    internal void Rescale((double First, double Second) norms)
    {
        var (first, second) = FilterNorms();
        Scale(conv1, norm1, norms.First / first);
        Scale(conv2, norm2, norms.Second / second);

        static void Scale(Conv2d convolution, BatchNorm2d norm, double factor)
        {
            Multiply(convolution.Weight, factor);
            Multiply(norm.RunningMean!, factor);
            Multiply(norm.RunningVariance!, factor * factor);
        }

        static void Multiply(Tensor tensor, double factor) => tensor.CopyFrom(tensor.Detach() * factor);
    }

    /// <summary>Euclidean norms of the two filter banks.</summary>
    internal (double First, double Second) FilterNorms()
    {
        return (Norm(conv1.Weight), Norm(conv2.Weight));

        static double Norm(Tensor filters) => Math.Sqrt(filters.Detach().Square().Sum().Item());
    }
}
