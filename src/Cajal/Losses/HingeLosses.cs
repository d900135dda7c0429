namespace Cajal;

/// <summary>max(0, 1 - y z), reduced: prediction z [...] any real, target y [...] -1 or 1. The loss of support vector machines (Cortes and Vapnik 1995).</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class HingeLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce(Margin("HingeLoss", prediction, Aligned(prediction, target)).Relu());

    internal static Tensor Margin(string loss, Tensor prediction, Tensor target) => 1 - prediction * SignedTargets.Check(loss, target);
}

/// <summary>
/// max(0, 1 - y z)², reduced: prediction z [...] any real, target y [...] -1 or 1. Smoother than <see cref="HingeLoss"/>, harder on gross mistakes.
/// </summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class SquaredHingeLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target) =>
        Reduce(HingeLoss.Margin("SquaredHingeLoss", prediction, Aligned(prediction, target)).Relu().Square());
}

/// <summary>
/// ln(1 + e^(-y z)), reduced: prediction z [...] logits of any size, target y [...] -1 or 1. The logistic loss, <see cref="BceWithLogitsLoss"/> with other
/// names for the classes.
/// </summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class SoftMarginLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target) =>
        Reduce((-(prediction * SignedTargets.Check("SoftMarginLoss", Aligned(prediction, target)))).Softplus());
}

/// <summary>
/// z where y = 1, max(0, margin - z) where y = -1, reduced: prediction z [...] distances, target y [...] 1 for pairs that belong together, -1 for others.
/// </summary>
/// <param name="margin">How far apart the others should be.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class HingeEmbeddingLoss(double margin = 1, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        target = SignedTargets.Check("HingeEmbeddingLoss", Aligned(prediction, target));
        return Reduce(Tensor.Where(target > 0, prediction, (margin - prediction).Relu()));
    }
}
