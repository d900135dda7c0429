namespace Cajal;

/// <summary>
/// -ln softmax(logits)[class], reduced: prediction [N, K, d...] logits and target [N, d...] class numbers (or [K] and []), or target [N, K, d...]
/// probabilities, -Σ yₖ ln softmax(logits)ₖ. With class numbers the mean is Σ loss / Σ w[y] over samples that count, as in PyTorch; if none counts it is NaN.
/// With probabilities it is the plain mean over samples. Logits of any size are safe. A logit of -∞ rules its class out: it costs nothing as long as the
/// target gives that class no probability (label smoothing does give it some).
/// </summary>
/// <param name="weight">A weight per class [K], or null.</param>
/// <param name="labelSmoothing">The share of the target that is spread evenly over all classes, in [0, 1] (Szegedy et al. 2016).</param>
/// <param name="ignoreIndex">A class number whose samples do not count.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside [0, 1].</exception>
public sealed class CrossEntropyLoss(Tensor? weight = null, double labelSmoothing = 0, long ignoreIndex = -100, Reduction reduction = Reduction.Mean)
    : Loss(reduction)
{
    private readonly double labelSmoothing = labelSmoothing is >= 0 and <= 1
        ? labelSmoothing
        : throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "CrossEntropyLoss: labelSmoothing must be between 0 and 1.");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 1) return ForwardOne(prediction, target);
        if (prediction.Rank == 0) throw new ShapeException("CrossEntropyLoss: logits must be [N, K, ...] or [K], but they are [].");
        var logs = prediction.LogSoftmax(1);
        return target.DType.IsFloating ? Reduction.Of(Soft(logs, target)) : Hard(logs, target);
    }

    private Tensor Soft(Tensor logs, Tensor target)
    {
        if (target.Shape != logs.Shape)
        {
            throw new ShapeException($"CrossEntropyLoss: a {target.DType} target holds probabilities and must have the shape of the logits {logs.Shape}, but it is {target.Shape}. Class numbers must be Int64 or Int32.");
        }
        ClassTargets.WeightsOf("CrossEntropyLoss", weight, logs.Dims[1]);
        target = target.Cast(logs.DType);
        if (labelSmoothing > 0) target = target * (1 - labelSmoothing) + labelSmoothing / logs.Dims[1];
        if (weight is not null) target *= ClassTargets.AlongClasses(weight, logs);
        return -LogProduct.Of(target, logs).Sum(1);
    }

    private Tensor Hard(Tensor logs, Tensor target)
    {
        var targets = ClassTargets.Read("CrossEntropyLoss", logs, target, weight, ignoreIndex);
        var losses = NllLoss.Of(logs, targets);
        if (labelSmoothing > 0)
        {
            var even = -(weight is null ? logs : LogProduct.Of(ClassTargets.AlongClasses(weight, logs), logs)).Sum(1);
            // A class of weight 0 counts in the even share of its samples; only ignored samples drop out.
            if (targets.Factors is not null) even = TensorOps.KeepWhere(even, target.Reshape(even.Shape).NotEqualTo(ignoreIndex).Cast(even.DType));
            losses = losses * (1 - labelSmoothing) + even * (labelSmoothing / logs.Dims[1]);
        }
        return NllLoss.WeightedMean(Reduction, losses, targets.Factors);
    }
}
