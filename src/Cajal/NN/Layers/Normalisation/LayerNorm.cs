namespace Cajal;

/// <summary>Brings each sample to mean 0 and variance 1 over its last axes, then scales and shifts (Ba, Kiros and Hinton 2016): x [B..., shape] → the same.</summary>
/// <param name="shape">The last axes: <c>[64]</c>.</param>
/// <param name="epsilon">Keeps the root away from 0.</param>
/// <param name="affine">Whether scale and shift are learned.</param>
/// <param name="hasBias">Whether the shift is.</param>
public sealed partial class LayerNorm(int[] shape, double epsilon = 1e-5, bool affine = true, bool hasBias = true) : Module
{
    private readonly Parameter? weight = affine ? new(Tensor.Ones(shape)) : null;
    private readonly Parameter? bias = affine && hasBias ? new(Tensor.Zeros(shape)) : null;

    /// <summary>Normalises over the last axis alone.</summary>
    /// <param name="width">Its length.</param>
    public LayerNorm(int width) : this([width])
    {
    }

    /// <summary>Scale [shape], or null.</summary>
    public Parameter? Weight => weight;

    /// <summary>Shift [shape], or null.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not end with the shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < shape.Length || !x.Dims.AsSpan(x.Rank - shape.Length).SequenceEqual(shape)) throw new ShapeException($"{Label}: x must end with the axes {Shape.Create(shape)}, but it is {x.Shape}.");
        return Report(x, x.LayerNorm(shape, weight, bias, epsilon));
    }
}

/// <summary>Brings each sample to root mean square 1 over its last axes, then scales (Zhang and Sennrich 2019): x [B..., shape] → the same.</summary>
/// <param name="shape">The last axes: <c>[64]</c>.</param>
/// <param name="epsilon">Keeps the root away from 0.</param>
/// <param name="affine">Whether the scale is learned.</param>
public sealed partial class RMSNorm(int[] shape, double epsilon = 1e-6, bool affine = true) : Module
{
    private readonly Parameter? weight = affine ? new(Tensor.Ones(shape)) : null;

    /// <summary>Normalises over the last axis alone.</summary>
    /// <param name="width">Its length.</param>
    public RMSNorm(int width) : this([width])
    {
    }

    /// <summary>Scale [shape], or null.</summary>
    public Parameter? Weight => weight;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not end with the shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < shape.Length || !x.Dims.AsSpan(x.Rank - shape.Length).SequenceEqual(shape)) throw new ShapeException($"{Label}: x must end with the axes {Shape.Create(shape)}, but it is {x.Shape}.");
        return Report(x, x.RmsNorm(shape, weight, epsilon));
    }
}
