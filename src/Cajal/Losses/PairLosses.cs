namespace Cajal;

/// <summary>max(0, margin - y (a - b)), reduced: of two scores, the one that should be larger.</summary>
/// <param name="margin">By how much it should be larger.</param>
/// <param name="reduction">How the losses of single pairs become one result.</param>
public sealed class MarginRankingLoss(double margin = 0, Reduction reduction = Reduction.Mean)
{
    /// <summary>How the losses of single pairs become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of two scores, given which is to be larger.</summary>
    /// <param name="first">a [...].</param>
    /// <param name="second">b [...].</param>
    /// <param name="target">y [...]: 1 where a should be larger, -1 where b should.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        second = Loss.Align("MarginRankingLoss", "first", first, "second", second);
        target = SignedTargets.Check("MarginRankingLoss", Loss.Align("MarginRankingLoss", "first", first, "target", target));
        return Reduction.Of((margin - target * (first - second)).Relu());
    }
}

/// <summary>1 - cos(a, b) for pairs that belong together (y = 1), max(0, cos(a, b) - margin) for others (y = -1), reduced.</summary>
/// <param name="margin">The cosine up to which others cost nothing, in [-1, 1].</param>
/// <param name="reduction">How the losses of single pairs become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="margin"/> is outside [-1, 1].</exception>
public sealed class CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction.Mean)
{
    /// <summary>Added to each squared length, so that a vector of zeros has the cosine 0 and a derivative; PyTorch's value.</summary>
    private const double Epsilon = 1e-12;

    private readonly double margin = margin is >= -1 and <= 1
        ? margin
        : throw new ArgumentOutOfRangeException(nameof(margin), margin, "CosineEmbeddingLoss: margin is a cosine, between -1 and 1.");

    /// <summary>How the losses of single pairs become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of pairs of vectors.</summary>
    /// <param name="first">a [N, E] or [E].</param>
    /// <param name="second">b, of the same shape.</param>
    /// <param name="target">y [N] or []: 1 where the two belong together, -1 where not.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">A target is neither -1 nor 1.</exception>
    public Tensor Forward(Tensor first, Tensor second, Tensor target)
    {
        first = first.AsFloating();
        if (first.Rank is not (1 or 2) || first.Shape != second.Shape) throw new ShapeException($"CosineEmbeddingLoss: both vectors must be [N, E] or [E], but they are {first.Shape} and {second.Shape}.");
        second = second.Cast(first.DType);
        var cosine = (first * second).Sum(-1) / ((first.Square().Sum(-1) + Epsilon).Sqrt() * (second.Square().Sum(-1) + Epsilon).Sqrt());
        target = SignedTargets.Check("CosineEmbeddingLoss", Loss.Align("CosineEmbeddingLoss", "cosines", cosine, "target", target));
        return Reduction.Of(Tensor.Where(target > 0, 1 - cosine, (cosine - margin).Relu()));
    }
}
