namespace Cajal;

/// <summary>
/// 1 - (2 Σ p y + s) / (Σ p + Σ y + s), reduced over samples (Milletari et al. 2016): how far a predicted mask is from a true one, whatever the size of the
/// object. With s = 0 two empty masks give NaN.
/// </summary>
/// <param name="smooth">s: keeps the quotient at 1, a loss of 0, where both masks are empty.</param>
/// <param name="logits">Whether predictions are logits, which pass through a sigmoid (binary) or a softmax over axis 1 (many classes); otherwise they are
/// probabilities.</param>
/// <param name="ignoreIndex">A class number whose pixels do not count; for many classes only.</param>
/// <param name="reduction">How the losses of samples (and classes) become one result.</param>
/// <inheritdoc cref="OverlapLoss" path="/remarks"/>
public sealed class DiceLoss(double smooth = 1, bool logits = true, long ignoreIndex = -100, Reduction reduction = Reduction.Mean)
    : OverlapLoss(logits, ignoreIndex, reduction)
{
    private protected override Tensor Score(Tensor both, Tensor sum) => (both * 2 + smooth) / (sum + smooth);
}

/// <summary>
/// 1 - (Σ p y + s) / (Σ p + Σ y - Σ p y + s), reduced over samples: one minus the soft intersection over union, or Jaccard index. With s = 0 two empty masks
/// give NaN.
/// </summary>
/// <param name="smooth">s: keeps the quotient at 1, a loss of 0, where both masks are empty.</param>
/// <param name="logits">Whether predictions are logits, which pass through a sigmoid (binary) or a softmax over axis 1 (many classes); otherwise they are
/// probabilities.</param>
/// <param name="ignoreIndex">A class number whose pixels do not count; for many classes only.</param>
/// <param name="reduction">How the losses of samples (and classes) become one result.</param>
/// <inheritdoc cref="OverlapLoss" path="/remarks"/>
public sealed class IouLoss(double smooth = 1, bool logits = true, long ignoreIndex = -100, Reduction reduction = Reduction.Mean)
    : OverlapLoss(logits, ignoreIndex, reduction)
{
    private protected override Tensor Score(Tensor both, Tensor sum) => (both + smooth) / (sum - both + smooth);
}

/// <summary>What losses of masks share.</summary>
/// <remarks>
/// Binary: prediction [N, ...] and target [N, ...] of the same shape (or without the single channel of [N, 1, d...]), 0 or 1 (soft masks are allowed); sums
/// run over all axes but the first, giving a loss per sample [N]. Many classes: prediction [N, K, d...], K ≥ 2, and target [N, d...] class numbers (Int64);
/// sums run over d, giving a loss per sample and class [N, K].
/// </remarks>
/// <param name="logits">Whether predictions are logits, which pass through a sigmoid (binary) or a softmax over axis 1 (many classes); otherwise they are
/// probabilities.</param>
/// <param name="ignoreIndex">A class number whose pixels do not count; for many classes only.</param>
/// <param name="reduction">How the losses of samples (and classes) become one result.</param>
public abstract class OverlapLoss(bool logits, long ignoreIndex, Reduction reduction) : Loss(reduction)
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit, or a class number is outside 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Rank == 0) throw new ShapeException($"{GetType().Name}: masks must be [N, ...], but the prediction is [].");
        bool channels = prediction.Rank == target.Rank + 1 && prediction.Rank > 1, classes = channels && prediction.Dims[1] > 1;
        if (channels && !classes) prediction = prediction.Squeeze(1);
        var (p, y) = classes ? Classes(prediction, target) : (logits ? prediction.Sigmoid() : prediction, Aligned(prediction, target));
        int[] inner = [.. Enumerable.Range(0, p.Rank).Skip(classes ? 2 : 1)];
        return Reduce(1 - Score(Total(p * y, inner), Total(p, inner) + Total(y, inner)));
    }

    private protected abstract Tensor Score(Tensor both, Tensor sum);

    /// <summary>The sum over the named axes; no axes named means all to Sum, but none here.</summary>
    private static Tensor Total(Tensor x, int[] axes) => axes.Length == 0 ? x : x.Sum(axes);

    private (Tensor P, Tensor Y) Classes(Tensor prediction, Tensor target)
    {
        var targets = ClassTargets.Read(GetType().Name, prediction, target, null, ignoreIndex);
        var p = logits ? prediction.Softmax(1) : prediction;
        var numbers = Tensor.Arange(prediction.Dims[1]).Reshape([prediction.Dims[1], .. Enumerable.Repeat(1, prediction.Rank - 2)]);
        var y = numbers.EqualTo(targets.Positions).Cast(p.DType);
        if (targets.Factors is null) return (p, y);
        var counted = targets.Factors.Unsqueeze(1);
        return (p * counted, y * counted);
    }
}
