namespace Cajal;

/// <summary>What convolutional layers of one, two and three dimensions share: filters, bias and how windows move.</summary>
/// <param name="inChannels">Channels of x.</param>
/// <param name="outChannels">Filters.</param>
/// <param name="kernel">Side of the filters.</param>
/// <param name="stride">Positions between windows.</param>
/// <param name="padding">Border added on every side.</param>
/// <param name="dilation">Positions between the taps of a filter.</param>
/// <param name="groups">Blocks of channels that do not see each other.</param>
/// <param name="bias">Whether a number per filter is added.</param>
/// <param name="padMode">What the border holds: zeros, or a copy of the inside.</param>
/// <param name="axes">Spatial axes.</param>
public abstract partial class ConvolutionLayer(int inChannels, int outChannels, int kernel, int stride, int padding, int dilation, int groups, bool bias, PadMode padMode, int axes) : Module
{
    private readonly Parameter weight = new(Initialise.Default(FilterShape(inChannels, outChannels, kernel, groups, axes), FanIn(inChannels, kernel, groups, axes)));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outChannels], FanIn(inChannels, kernel, groups, axes))) : null;

    /// <summary>Channels of x.</summary>
    public int InChannels { get; } = inChannels;

    /// <summary>Filters.</summary>
    public int OutChannels { get; } = outChannels;

    /// <summary>Side of the filters.</summary>
    public int Kernel { get; } = kernel;

    /// <summary>Positions between windows.</summary>
    public int Stride { get; } = stride;

    /// <summary>Border added on every side.</summary>
    public int Padding { get; } = padding;

    /// <summary>Positions between the taps of a filter.</summary>
    public int Dilation { get; } = dilation;

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
        if (Padding == 0 || PadMode == PadMode.Constant) return Report(x, Convolve(x, Padding));
        var borders = new (int, int)[x.Rank];
        borders.AsSpan(2).Fill((Padding, Padding));
        return Report(x, Convolve(x.Pad(borders, PadMode), 0));
    }

    private protected abstract Tensor Convolve(Tensor x, int zeros);

    private static int FanIn(int inChannels, int kernel, int groups, int axes) => inChannels / groups * (int)Math.Pow(kernel, axes);

    private static int[] FilterShape(int inChannels, int outChannels, int kernel, int groups, int axes)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) throw new ArgumentException($"Convolution: {inChannels} channels and {outChannels} filters cannot be cut into {groups} equal groups.");
        if (kernel < 1) throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "Convolution: the kernel must be at least 1.");
        return [outChannels, inChannels / groups, .. Enumerable.Repeat(kernel, axes)];
    }
}

/// <summary>Convolution over sequences: x [N, inChannels, L] → y [N, outChannels, OL].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv1d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 1)
{
    private protected override Tensor Convolve(Tensor x, int zeros) => x.Conv1d(Weight, Bias, Stride, zeros, Dilation, Groups);
}

/// <summary>Convolution over images: x [N, inChannels, H, W] → y [N, outChannels, OH, OW].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv2d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 2)
{
    private protected override Tensor Convolve(Tensor x, int zeros) => x.Conv2d(Weight, Bias, Stride, zeros, Dilation, Groups);
}

/// <summary>Convolution over volumes: x [N, inChannels, D, H, W] → y [N, outChannels, OD, OH, OW].</summary>
/// <inheritdoc cref="ConvolutionLayer"/>
public sealed partial class Conv3d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true, PadMode padMode = PadMode.Constant)
    : ConvolutionLayer(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, padMode, 3)
{
    private protected override Tensor Convolve(Tensor x, int zeros) => x.Conv3d(Weight, Bias, Stride, zeros, Dilation, Groups);
}
