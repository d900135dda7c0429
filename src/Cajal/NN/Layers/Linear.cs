namespace Cajal;

/// <summary>y = x Wᵀ + b: x [..., inFeatures] → y [..., outFeatures].</summary>
/// <param name="inFeatures">Length of the last axis of x.</param>
/// <param name="outFeatures">Length of the last axis of y.</param>
/// <param name="bias">Whether b is added.</param>
public sealed partial class Linear(int inFeatures, int outFeatures, bool bias = true) : Module
{
    private readonly Parameter weight = new(Initialise.Default([outFeatures, inFeatures], inFeatures));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outFeatures], inFeatures)) : null;

    /// <summary>W [outFeatures, inFeatures].</summary>
    public Parameter Weight => weight;

    /// <summary>b [outFeatures], or null.</summary>
    public Parameter? Bias => offset;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not inFeatures long.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank == 0 || x.Dims[^1] != inFeatures) throw new ShapeException($"{Label}: the last axis of x must be inFeatures = {inFeatures}, but x is {x.Shape}.");
        return Report(x, x.Linear(weight, offset));
    }
}
