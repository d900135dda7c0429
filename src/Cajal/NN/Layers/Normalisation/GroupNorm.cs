namespace Cajal;

/// <summary>Brings groups of channels of each sample to mean 0 and variance 1, then scales and shifts each channel (Wu and He 2018): x [N, C, ...] → the same.</summary>
/// <param name="groups">Divides the channels.</param>
/// <param name="channels">C.</param>
/// <param name="epsilon">Keeps the root away from 0.</param>
/// <param name="affine">Whether scale and shift are learned.</param>
public sealed partial class GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true) : Module
{
    private readonly Parameter? weight = affine ? new(Tensor.Ones(channels)) : null;
    private readonly Parameter? bias = affine ? new(Tensor.Zeros(channels)) : null;

    /// <summary>Scale [C], or null.</summary>
    public Parameter? Weight => weight;

    /// <summary>Shift [C], or null.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other channels, or they cannot be cut into so many groups.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < 2 || x.Dims[1] != channels) throw new ShapeException($"{Label}: x must be [N, {channels}, ...], but it is {x.Shape}.");
        return Report(x, x.GroupNorm(groups, weight, bias, epsilon));
    }
}

/// <summary>Brings each channel of each sample to mean 0 and variance 1 (Ulyanov, Vedaldi and Lempitsky 2016).</summary>
/// <param name="channels">C.</param>
/// <param name="epsilon">Keeps the root away from 0.</param>
/// <param name="affine">Whether scale and shift are learned.</param>
public abstract partial class InstanceNorm(int channels, double epsilon, bool affine) : Module
{
    private readonly Parameter? weight = affine ? new(Tensor.Ones(channels)) : null;
    private readonly Parameter? bias = affine ? new(Tensor.Zeros(channels)) : null;

    /// <summary>C.</summary>
    public int Channels { get; } = channels;

    /// <summary>Keeps the root away from 0.</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>Whether scale and shift are learned.</summary>
    public bool Affine { get; } = affine;

    /// <summary>Scale [C], or null.</summary>
    public Parameter? Weight => weight;

    /// <summary>Shift [C], or null.</summary>
    public Parameter? Bias => bias;

    private protected abstract string Expected { get; }

    private protected abstract int Rank { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x has other axes or channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != Rank || x.Dims[1] != Channels) throw new ShapeException($"{Label}: x must be {Expected} with C = {Channels}, but it is {x.Shape}.");
        return Report(x, x.InstanceNorm(weight, bias, Epsilon));
    }
}

/// <summary>Instance normalisation of sequences x [N, C, L].</summary>
/// <inheritdoc cref="InstanceNorm"/>
public sealed partial class InstanceNorm1d(int channels, double epsilon = 1e-5, bool affine = false) : InstanceNorm(channels, epsilon, affine)
{
    private protected override string Expected => "[N, C, L]";

    private protected override int Rank => 3;
}

/// <summary>Instance normalisation of images x [N, C, H, W].</summary>
/// <inheritdoc cref="InstanceNorm"/>
public sealed partial class InstanceNorm2d(int channels, double epsilon = 1e-5, bool affine = false) : InstanceNorm(channels, epsilon, affine)
{
    private protected override string Expected => "[N, C, H, W]";

    private protected override int Rank => 4;
}
