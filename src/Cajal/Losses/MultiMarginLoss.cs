namespace Cajal;

/// <summary>
/// The hinge over many classes, w[y] Σ max(0, margin - z[y] + z[k])ᵖ / K over k ≠ y, reduced (Crammer and Singer's form summed, as in PyTorch): prediction z
/// [N, K] scores, target [N] class numbers; or [K] and [].
/// </summary>
/// <param name="p">1 or 2.</param>
/// <param name="margin">By how much the right score should exceed every other.</param>
/// <param name="weight">A weight per class [K], or null; the mean divides by N all the same.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is neither 1 nor 2.</exception>
public sealed class MultiMarginLoss(int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly int p = p is 1 or 2 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "MultiMarginLoss: p must be 1 or 2.");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 1) return ForwardOne(prediction, target);
        if (prediction.Rank != 2) throw new ShapeException($"MultiMarginLoss: scores must be [N, K] or [K], but they are {prediction.Shape}.");
        int classes = prediction.Dims[1];
        var targets = ClassTargets.Read("MultiMarginLoss", prediction, target, weight);
        var slack = (prediction - prediction.Gather(1, targets.Positions) + margin).Relu();
        var others = Tensor.Arange(classes).NotEqualTo(targets.Positions).Cast(prediction.DType);
        var losses = TensorOps.KeepWhere(p == 2 ? slack.Square() : slack, others).Sum(1) / classes;
        return Reduce(targets.Factors is null ? losses : losses * targets.Factors);
    }
}
