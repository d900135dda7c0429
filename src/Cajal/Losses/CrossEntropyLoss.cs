namespace Cajal;

/// <summary>
/// -ln softmax(logits)[class], reduced: logits [N, K], target [N] class numbers (Int64), or [N, K] probabilities.
/// The mean is weighted by the class weights of the targets, as in PyTorch.
/// </summary>
/// <param name="weight">A weight per class [K], or null.</param>
/// <param name="labelSmoothing">The share of the target that is spread evenly over all classes, in [0, 1].</param>
/// <param name="ignoreIndex">A class number whose samples do not count.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
public sealed class CrossEntropyLoss(Tensor? weight = null, double labelSmoothing = 0, long ignoreIndex = -100, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank != 2) throw new ShapeException($"CrossEntropyLoss: logits must be [N, K], but they are {prediction.Shape}.");
        int classes = prediction.Dims[1];
        var logs = prediction.LogSoftmax();
        if (target.DType.IsFloating)
        {
            if (target.Shape != prediction.Shape) throw new ShapeException($"CrossEntropyLoss: probabilities must have the shape of the logits {prediction.Shape}, but they are {target.Shape}.");
            var soft = target * (1 - labelSmoothing) + labelSmoothing / classes;
            var each = -(logs * (weight is null ? soft : soft * weight.Cast(logs.DType))).Sum(1);
            return Reduce(each);
        }
        var (hot, counted) = OneHot(target, classes, logs);
        var weights = weight is null ? null : weight.Cast(logs.DType);
        var wanted = hot * (1 - labelSmoothing) + counted.Unsqueeze(1) * (labelSmoothing / classes);
        var losses = -(logs * (weights is null ? wanted : wanted * weights)).Sum(1);
        if (Reduction != Reduction.Mean) return Reduce(losses);
        return losses.Sum() / (weights is null ? counted : (hot * weights).Sum(1)).Sum();
    }

    private (Tensor Hot, Tensor Counted) OneHot(Tensor target, int classes, Tensor logs)
    {
        if (target.Rank != 1 || target.Count != logs.Dims[0]) throw new ShapeException($"CrossEntropyLoss: there must be one class number per row of the logits {logs.Shape}, but the target is {target.Shape}.");
        var hot = new float[logs.Count];
        var counted = new float[target.Count];
        var labels = target.ToArray<long>();
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] == ignoreIndex) continue;
            if (labels[row] < 0 || labels[row] >= classes) throw new ShapeException($"CrossEntropyLoss: class {labels[row]} of sample {row} is outside 0 ... {classes - 1}; the logits have {classes} columns.");
            hot[row * classes + labels[row]] = 1;
            counted[row] = 1;
        }
        return (Tensor.From(hot, logs.Shape).Cast(logs.DType), Tensor.From(counted, counted.Length).Cast(logs.DType));
    }
}

/// <summary>Binary cross-entropy of logits, without overflow: softplus(z) - y z, reduced: prediction [...], target [...] in [0, 1].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class BceWithLogitsLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce(prediction.Softplus() - prediction * Aligned(prediction, target));
}
