namespace Cajal;

/// <summary>
/// Negative log-likelihood of counts under a Poisson distribution, reduced: eᶻ - y z for a prediction z = ln λ, or λ - y ln(λ + ε) for a prediction λ;
/// prediction [...], target y [...] counts. Without <paramref name="full"/> the term ln y!, which no prediction changes, is left out; with it, it is
/// Stirling's y ln y - y + ½ ln(2πy) where y > 1 and 0 elsewhere, as in PyTorch.
/// </summary>
/// <param name="logInput">Whether predictions are logarithms of the rate.</param>
/// <param name="full">Whether to add the term of the target.</param>
/// <param name="epsilon">ε: keeps the logarithm of a rate of 0 finite.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class PoissonNllLoss(bool logInput = true, bool full = false, double epsilon = 1e-8, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        target = Aligned(prediction, target);
        var losses = logInput
            ? prediction.Exp() - LogProduct.Of(target, prediction)
            : prediction - LogProduct.Of(target, (prediction + epsilon).Log());
        return Reduce(full ? losses + Stirling(target) : losses);
    }

    private static Tensor Stirling(Tensor target)
    {
        var many = target > 1;
        var y = Tensor.Where(many, target, 1);
        return Tensor.Where(many, y * y.Log() - y + (y * (2 * Math.PI)).Log() * 0.5, 0);
    }
}
