namespace Cajal;

/// <summary>
/// -w[y] · logs[y], reduced (negative log-likelihood): prediction [N, K, d...] logarithms of probabilities, target [N, d...] class numbers; or [K] and [].
/// The mean is Σ loss / Σ w[y] over samples that count, as in PyTorch; if none counts it is NaN. A class of weight 0 costs 0 even where its probability is 0.
/// </summary>
/// <param name="weight">A weight per class [K], or null.</param>
/// <param name="ignoreIndex">A class number whose samples do not count.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
public sealed class NllLoss(Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 1) return ForwardOne(prediction, target);
        if (prediction.Rank == 0) throw new ShapeException("NllLoss: logarithms of probabilities must be [N, K, ...] or [K], but they are [].");
        var targets = ClassTargets.Read("NllLoss", prediction, target, weight, ignoreIndex);
        return WeightedMean(Reduction, Of(prediction, targets), targets.Factors);
    }

    /// <summary>The losses of single samples, [N, d...].</summary>
    internal static Tensor Of(Tensor logs, ClassTargets targets)
    {
        var picked = targets.Pick(logs);
        return -(targets.Factors is null ? picked : LogProduct.Of(targets.Factors, picked));
    }

    /// <summary>Reduces; the mean counts each sample by its factor.</summary>
    internal static Tensor WeightedMean(Reduction reduction, Tensor losses, Tensor? factors) =>
        reduction == Reduction.Mean && factors is not null ? losses.Sum() / factors.Sum() : reduction.Of(losses);
}
