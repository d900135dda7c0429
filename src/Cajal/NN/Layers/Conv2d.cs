namespace Cajal;

/// <summary>Two-dimensional convolution: x [N, inChannels, H, W] → y [N, outChannels, OH, OW].</summary>
/// <param name="inChannels">Channels of x.</param>
/// <param name="outChannels">Filters.</param>
/// <param name="kernel">Side of the square filters.</param>
/// <param name="stride">Pixels between windows.</param>
/// <param name="padding">Zeros added on every side.</param>
/// <param name="dilation">Pixels between the taps of a filter.</param>
/// <param name="groups">Blocks of channels that do not see each other.</param>
/// <param name="bias">Whether a number per filter is added.</param>
public sealed partial class Conv2d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true) : Module
{
    private readonly Parameter weight = new(Initialise.Default([outChannels, inChannels / groups, kernel, kernel], inChannels / groups * kernel * kernel));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outChannels], inChannels / groups * kernel * kernel)) : null;

    /// <summary>Filters [outChannels, inChannels/groups, kernel, kernel].</summary>
    public Parameter Weight => weight;

    /// <summary>b [outChannels], or null.</summary>
    public Parameter? Bias => offset;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, inChannels, H, W], or smaller than the kernel.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 4 || x.Dims[1] != inChannels) throw new ShapeException($"{Label}: x must be [N, {inChannels}, H, W], but it is {x.Shape}.");
        return Report(x, x.Conv2d(weight, offset, stride, padding, dilation, groups));
    }
}
