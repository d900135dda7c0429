namespace Cajal;

/// <summary>What convolutional layers of one, two and three dimensions share: filters, bias and how windows move.</summary>
/// <param name="inChannels">Channels of x.</param>
/// <param name="outChannels">Filters.</param>
/// <param name="kernel">Lengths of the filters: one for all axes (<c>3</c>) or one each (<c>(3, 1)</c>).</param>
/// <param name="stride">Positions between windows; 1 if not given.</param>
/// <param name="padding">Border added at both ends of each axis; none if not given.</param>
/// <param name="dilation">Positions between the taps of a filter; 1 if not given.</param>
/// <param name="groups">Blocks of channels that do not see each other.</param>
/// <param name="bias">Whether a number per filter is added.</param>
/// <param name="padMode">What the border holds: zeros, or a copy of the inside.</param>
/// <param name="axes">Spatial axes.</param>
public abstract partial class ConvolutionLayer(int inChannels, int outChannels, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, int groups, bool bias, PadMode padMode, int axes) : Module
{
    private readonly Parameter weight = new(Initialise.Default(FilterShape(inChannels, outChannels, kernel, groups, axes), FanIn(inChannels, kernel, groups, axes)));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outChannels], FanIn(inChannels, kernel, groups, axes))) : null;

    /// <summary>Channels of x.</summary>
    public int InChannels { get; } = inChannels;

    /// <summary>Filters.</summary>
    public int OutChannels { get; } = outChannels;

    /// <summary>Lengths of the filters.</summary>
    public PerAxis Kernel { get; } = kernel;

    /// <summary>Positions between windows.</summary>
    public PerAxis Stride { get; } = stride;

    /// <summary>Border added at both ends of each axis.</summary>
    public PerAxis Padding { get; } = padding;

    /// <summary>Positions between the taps of a filter.</summary>
    public PerAxis Dilation { get; } = dilation;

    /// <summary>Blocks of channels that do not see each other.</summary>
    public int Groups { get; } = groups;

    /// <summary>What the border holds.</summary>
    public PadMode PadMode { get; } = padMode;

    /// <summary>Filters [outChannels, inChannels/groups, kernel, ...].</summary>
    public Parameter Weight => weight;

    /// <summary>b [outChannels], or null.</summary>
    public Parameter? Bias => offset;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels, or is smaller than the kernel.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != axes + 2 || x.Dims[1] != InChannels) throw new ShapeException($"{Label}: x must be [N, {InChannels}, {(axes == 1 ? "L" : axes == 2 ? "H, W" : "D, H, W")}], but it is {x.Shape}.");
        if (PadMode == PadMode.Constant) return Report(x, Convolve(x, Padding));
        int[] each = Padding.Resolve(GetType().Name, "padding", axes, 0, 0);
        if (Array.TrueForAll(each, length => length == 0)) return Report(x, Convolve(x, default));
        var borders = new (int, int)[x.Rank];
        for (int axis = 0; axis < axes; axis++) borders[axis + 2] = (each[axis], each[axis]);
        return Report(x, Convolve(x.Pad(borders, PadMode), 0));
    }

    private protected abstract Tensor Convolve(Tensor x, PerAxis zeros);

    private static int FanIn(int inChannels, PerAxis kernel, int groups, int axes) =>
        kernel.Resolve("Convolution", "kernel", axes, 1, 1).Aggregate(inChannels / groups, (product, length) => product * length);

    private static int[] FilterShape(int inChannels, int outChannels, PerAxis kernel, int groups, int axes)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) throw new ArgumentException($"Convolution: {inChannels} channels and {outChannels} filters cannot be cut into {groups} equal groups.");
        return [outChannels, inChannels / groups, .. kernel.Resolve("Convolution", "kernel", axes, 1, 1)];
    }
}

/// <summary>Convolution over sequences: x [N, inChannels, L] → y [N, outChannels, OL].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv1d(int inChannels, int outChannels, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 1)
{
    private protected override Tensor Convolve(Tensor x, PerAxis zeros) => x.Conv1d(Weight, Bias, Stride, zeros, Dilation, Groups);
}

/// <summary>Convolution over images: x [N, inChannels, H, W] → y [N, outChannels, OH, OW].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv2d(int inChannels, int outChannels, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 2)
{
    private protected override Tensor Convolve(Tensor x, PerAxis zeros) => x.Conv2d(Weight, Bias, Stride, zeros, Dilation, Groups);
}

/// <summary>Convolution over volumes: x [N, inChannels, D, H, W] → y [N, outChannels, OD, OH, OW].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv3d(int inChannels, int outChannels, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 3)
{
    private protected override Tensor Convolve(Tensor x, PerAxis zeros) => x.Conv3d(Weight, Bias, Stride, zeros, Dilation, Groups);
}
