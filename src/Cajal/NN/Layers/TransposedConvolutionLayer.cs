namespace Cajal;

/// <summary>The adjoint of a convolution, which makes images larger (Zeiler et al. 2010): what layers of one and two dimensions share.</summary>
/// <param name="inChannels">Channels of x.</param>
/// <param name="outChannels">Channels of y.</param>
/// <param name="kernel">Lengths of the filters: one for all axes (<c>3</c>) or one each (<c>(3, 1)</c>).</param>
/// <param name="stride">Positions in y between neighbours of x; 1 if not given.</param>
/// <param name="padding">Border cut off both ends of each axis of y; none if not given.</param>
/// <param name="outputPadding">Positions added to the far side of y, to tell lengths apart that a stride makes equal; none if not given.</param>
/// <param name="dilation">Positions between the taps of a filter; 1 if not given.</param>
/// <param name="groups">Blocks of channels that do not see each other.</param>
/// <param name="bias">Whether a number per channel is added.</param>
/// <param name="axes">Spatial axes.</param>
public abstract partial class TransposedConvolutionLayer(int inChannels, int outChannels, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis outputPadding, PerAxis dilation, int groups, bool bias, int axes) : Module
{
    // PyTorch takes the fan-in from the second axis of the filters, which here are the outputs.
    private readonly Parameter weight = new(Initialise.Default([inChannels, outChannels / groups, .. Lengths(kernel, axes)], Fan(outChannels, kernel, groups, axes)));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outChannels], Fan(outChannels, kernel, groups, axes))) : null;

    /// <summary>Channels of x.</summary>
    public int InChannels { get; } = inChannels;

    /// <summary>Channels of y.</summary>
    public int OutChannels { get; } = outChannels;

    /// <summary>Lengths of the filters.</summary>
    public PerAxis Kernel { get; } = kernel;

    /// <summary>Positions in y between neighbours of x.</summary>
    public PerAxis Stride { get; } = stride;

    /// <summary>Border cut off both ends of each axis of y.</summary>
    public PerAxis Padding { get; } = padding;

    /// <summary>Positions added to the far side of y.</summary>
    public PerAxis OutputPadding { get; } = outputPadding;

    /// <summary>Positions between the taps of a filter.</summary>
    public PerAxis Dilation { get; } = dilation;

    /// <summary>Blocks of channels that do not see each other.</summary>
    public int Groups { get; } = groups;

    /// <summary>Filters [inChannels, outChannels/groups, kernel, ...].</summary>
    public Parameter Weight => weight;

    /// <summary>b [outChannels], or null.</summary>
    public Parameter? Bias => offset;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != axes + 2 || x.Dims[1] != InChannels) throw new ShapeException($"{Label}: x must be [N, {InChannels}, {(axes == 1 ? "L" : "H, W")}], but it is {x.Shape}.");
        return Report(x, Convolve(x));
    }

    private protected abstract Tensor Convolve(Tensor x);

    private static int[] Lengths(PerAxis kernel, int axes) => kernel.Resolve("Convolution", "kernel", axes, 1, 1);

    private static int Fan(int outChannels, PerAxis kernel, int groups, int axes) => Lengths(kernel, axes).Aggregate(outChannels / groups, (product, length) => product * length);
}

/// <summary>Transposed convolution over sequences: x [N, inChannels, L] → y [N, outChannels, (L - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1].</summary>
/// <inheritdoc cref="TransposedConvolutionLayer"/>
public sealed partial class ConvTranspose1d(int inChannels, int outChannels, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default, PerAxis dilation = default, int groups = 1, bool bias = true)
    : TransposedConvolutionLayer(inChannels, outChannels, kernel, stride, padding, outputPadding, dilation, groups, bias, 1)
{
    private protected override Tensor Convolve(Tensor x) => x.ConvTranspose1d(Weight, Bias, Stride, Padding, OutputPadding, Dilation, Groups);
}

/// <summary>Transposed convolution over images: x [N, inChannels, H, W] → y [N, outChannels, OH, OW], each side as in <see cref="ConvTranspose1d"/>.</summary>
/// <inheritdoc cref="TransposedConvolutionLayer"/>
public sealed partial class ConvTranspose2d(int inChannels, int outChannels, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default, PerAxis dilation = default, int groups = 1, bool bias = true)
    : TransposedConvolutionLayer(inChannels, outChannels, kernel, stride, padding, outputPadding, dilation, groups, bias, 2)
{
    private protected override Tensor Convolve(Tensor x) => x.ConvTranspose2d(Weight, Bias, Stride, Padding, OutputPadding, Dilation, Groups);
}
