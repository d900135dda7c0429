namespace Cajal;

/// <summary>
/// -α[y] (1 - p)^γ ln p with p = softmax(z)[y], reduced (Lin et al. 2017): cross-entropy in which samples that are already right count for little, for rare
/// classes. Prediction z [N, K, d...] logits, target y [N, d...] class numbers; or [K] and []. With γ = 0 it is α-weighted cross-entropy, except that the
/// mean divides by the number of samples that count, not by their weights.
/// </summary>
/// <param name="gamma">γ ≥ 0: how fast easy samples lose weight.</param>
/// <param name="alpha">A weight per class [K], or null.</param>
/// <param name="ignoreIndex">A class number whose samples do not count.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is negative.</exception>
public sealed class FocalLoss(double gamma = 2, Tensor? alpha = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly double gamma = gamma >= 0 ? gamma : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "FocalLoss: gamma must not be negative.");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 1) return ForwardOne(prediction, target);
        if (prediction.Rank == 0) throw new ShapeException("FocalLoss: logits must be [N, K, ...] or [K], but they are [].");
        var targets = ClassTargets.Read("FocalLoss", prediction, target, alpha, ignoreIndex);
        var logs = targets.Pick(prediction.LogSoftmax(1));
        var losses = -(Power(-logs.Expm1(), gamma) * logs);
        if (targets.Factors is null) return Reduce(losses);
        losses = LogProduct.Of(targets.Factors, losses);
        if (Reduction != Reduction.Mean) return Reduce(losses);
        return losses.Sum() / target.NotEqualTo(ignoreIndex).Sum().Cast(losses.DType);
    }

    /// <summary>doubtᵞ, held above 0 so that its derivatives stay finite where a sample is certain and γ is not a whole number.</summary>
    internal static Tensor Power(Tensor doubt, double gamma) => gamma == 0 ? Tensor.OnesLike(doubt) : doubt.Clamp(1e-30, 1).Pow(gamma);
}

/// <summary>
/// α y (1 - p)^γ softplus(-z) + (1 - α)(1 - y) p^γ softplus(z) with p = σ(z), reduced (Lin et al. 2017): binary cross-entropy in which elements that are
/// already right count for little, for rare positives. Prediction z [...] finite logits of any size, target y [...] 0 or 1.
/// </summary>
/// <param name="gamma">γ ≥ 0: how fast easy elements lose weight.</param>
/// <param name="alpha">α: the weight of positives, in [0, 1], against 1 - α for negatives; null gives both the weight 1.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is negative, or <paramref name="alpha"/> is outside [0, 1].</exception>
public sealed class BinaryFocalLoss(double gamma = 2, double? alpha = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly double gamma = gamma >= 0 ? gamma : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "BinaryFocalLoss: gamma must not be negative.");
    private readonly double? alpha = alpha is null or (>= 0 and <= 1)
        ? alpha
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "BinaryFocalLoss: alpha must be between 0 and 1.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        target = Aligned(prediction, target);
        var opposite = -prediction;
        var positive = LogProduct.Of(target, FocalLoss.Power(opposite.Sigmoid(), gamma) * opposite.Softplus());
        var negative = LogProduct.Of(1 - target, FocalLoss.Power(prediction.Sigmoid(), gamma) * prediction.Softplus());
        return Reduce(alpha is { } share ? positive * share + negative * (1 - share) : positive + negative);
    }
}
