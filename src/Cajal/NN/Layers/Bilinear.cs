namespace Cajal;

/// <summary>y_o = x₁ᵀ W_o x₂ + b_o: x1 [B..., in1Features], x2 [B..., in2Features] → y [B..., outFeatures].</summary>
/// <param name="in1Features">Length of the last axis of x1.</param>
/// <param name="in2Features">Length of the last axis of x2.</param>
/// <param name="outFeatures">Length of the last axis of y.</param>
/// <param name="bias">Whether b is added.</param>
public sealed partial class Bilinear(int in1Features, int in2Features, int outFeatures, bool bias = true) : Module
{
    private readonly Parameter weight = new(Initialise.Default([outFeatures, in1Features, in2Features], in1Features));

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Initialise.Default([outFeatures], in1Features)) : null;

    /// <summary>W [outFeatures, in1Features, in2Features].</summary>
    public Parameter Weight => weight;

    /// <summary>b [outFeatures], or null.</summary>
    public Parameter? Bias => offset;

    /// <summary>The form of two inputs.</summary>
    /// <exception cref="ShapeException">A last axis has another length, or the other axes differ.</exception>
    public Tensor Forward(Tensor x1, Tensor x2)
    {
        if (x1.Rank == 0 || x1.Dims[^1] != in1Features) throw new ShapeException($"{Label}: the last axis of x1 must be in1Features = {in1Features}, but x1 is {x1.Shape}.");
        if (x2.Rank == 0 || x2.Dims[^1] != in2Features) throw new ShapeException($"{Label}: the last axis of x2 must be in2Features = {in2Features}, but x2 is {x2.Shape}.");
        return Report(x1, Tensor.Bilinear(x1, x2, weight, offset));
    }

    /// <summary>The quadratic form x, x: x [B..., F] with F = in1Features = in2Features.</summary>
    public override Tensor Forward(Tensor x) => Forward(x, x);
}
