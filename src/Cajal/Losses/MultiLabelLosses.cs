namespace Cajal;

/// <summary>
/// The hinge over many labels, Σ max(0, 1 - (z[j] - z[k])) / K over every label j of the sample and every class k that is none, reduced: prediction z [N, K]
/// scores, target [N, K] class numbers (Int64), of which those before the first -1 count; or [K] and [K]. Uses memory for N K² numbers.
/// </summary>
/// <param name="reduction">How the losses of the samples become one result.</param>
public sealed class MultiLabelMarginLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside -1 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 1) return ForwardOne(prediction, target);
        if (prediction.Rank != 2 || target.Shape != prediction.Shape) throw new ShapeException($"MultiLabelMarginLoss: scores and targets must both be [N, K] or [K], but scores are {prediction.Shape} and targets {target.Shape}.");
        if (target.DType is not (DType.Int64 or DType.Int32)) throw new ShapeException($"MultiLabelMarginLoss: targets must be class numbers, Int64 or Int32, not {target.DType}.");
        var (labels, others) = Masks(target, prediction.Dims[1], prediction.DType);
        var slack = (1 - prediction.Unsqueeze(2) + prediction.Unsqueeze(1)).Relu();
        return Reduce(LogProduct.Of(labels.Unsqueeze(2) * others.Unsqueeze(1), slack).Sum([1, 2]) / prediction.Dims[1]);
    }

    /// <summary>How often each class is named, and 1 for every class that is not: both [N, K].</summary>
    private static (Tensor Labels, Tensor Others) Masks(Tensor target, int classes, DType dtype)
    {
        long[] named = target.ToArray<long>();
        var labels = new double[named.Length];
        for (int start = 0; start < named.Length; start += classes)
        {
            for (int i = start; i < start + classes && named[i] != -1; i++)
            {
                if (named[i] < 0 || named[i] >= classes) throw new ShapeException($"MultiLabelMarginLoss: class {named[i]} of sample {start / classes} is outside 0 ... {classes - 1}; -1 ends the list of a sample.");
                labels[start + named[i]]++;
            }
        }
        var others = Array.ConvertAll(labels, count => count == 0 ? 1.0 : 0.0);
        return (Tensor.From(labels, target.Shape).Cast(dtype), Tensor.From(others, target.Shape).Cast(dtype));
    }
}

/// <summary>
/// Binary cross-entropy of every class, averaged over the classes, then reduced over samples: prediction [..., K] logits (classes on the last axis), target
/// of the same shape in [0, 1].
/// </summary>
/// <param name="weight">A factor per class [K], or null.</param>
/// <param name="reduction">How the losses of the samples become one result.</param>
public sealed class MultiLabelSoftMarginLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 0) throw new ShapeException("MultiLabelSoftMarginLoss: logits must be [N, K] or [K], but they are [].");
        prediction = prediction.AsFloating();
        var losses = BceWithLogitsLoss.Elements("MultiLabelSoftMarginLoss", prediction, Aligned(prediction, target), posWeight: null);
        if (weight is not null) losses *= BceWithLogitsLoss.Broadcast("MultiLabelSoftMarginLoss", "weight", weight, losses);
        return Reduce(losses.Mean(-1));
    }
}
