namespace Cajal;

/// <summary>
/// max(0, margin + d(a, p) - d(a, n)), reduced (Schroff et al. 2015): an anchor should be nearer to its like than to another by a margin. d(u, v) = ‖u - v +
/// ε‖ₚ as in PyTorch; the ε keeps the derivative finite where two points coincide.
/// </summary>
/// <param name="margin">By how much nearer, in units of the distance.</param>
/// <param name="p">The norm: 1, 2, any number above 0, or infinity.</param>
/// <param name="swap">Whether to use d(p, n) where that is smaller than d(a, n) (Balntas et al. 2016).</param>
/// <param name="epsilon">ε.</param>
/// <param name="reduction">How the losses of single triplets become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not positive.</exception>
public sealed class TripletMarginLoss(double margin = 1, double p = 2, bool swap = false, double epsilon = 1e-6, Reduction reduction = Reduction.Mean)
{
    private readonly double p = p > 0 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "TripletMarginLoss: the norm p must be positive.");

    /// <summary>How the losses of single triplets become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of triplets of vectors.</summary>
    /// <param name="anchor">[N, E] or [E].</param>
    /// <param name="positive">What belongs to the anchor, of the same shape.</param>
    /// <param name="negative">What does not, of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        if (anchor.Rank == 0 || anchor.Shape != positive.Shape || anchor.Shape != negative.Shape)
        {
            throw new ShapeException($"TripletMarginLoss: anchor, positive and negative must have one shape, [N, E] or [E], but they are {anchor.Shape}, {positive.Shape} and {negative.Shape}.");
        }
        Tensor near = Distance(anchor, positive), far = Distance(anchor, negative);
        if (swap) far = Tensor.Minimum(far, Distance(positive, negative));
        return Reduction.Of((near - far + margin).Relu());
    }

    private Tensor Distance(Tensor u, Tensor v)
    {
        var difference = u - v + epsilon;
        if (p == 2) return difference.Square().Sum(-1).Sqrt();
        var size = difference.Abs();
        if (p == 1) return size.Sum(-1);
        return double.IsPositiveInfinity(p) ? size.Max([-1]) : size.Pow(p).Sum(-1).Pow(1 / p);
    }
}
