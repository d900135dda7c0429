namespace Cajal;

/// <summary>(y - z)², reduced: prediction [...], target [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class MseLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Square());
}

/// <summary>|y - z|, reduced: prediction [...], target [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class L1Loss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Abs());
}

/// <summary>½(y - z)², reduced: prediction [...], target [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class LeastSquaresLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Square() * 0.5);
}

/// <summary>½d² for |d| ≤ δ, δ(|d| - ½δ) beyond, with d = y - z (Huber 1964): prediction [...], target [...].</summary>
/// <param name="delta">Where the parabola becomes a line.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class HuberLoss(double delta = 1, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        var distance = (prediction - Aligned(prediction, target)).Abs();
        return Reduce(Tensor.Where(distance <= delta, distance.Square() * 0.5, (distance - 0.5 * delta) * delta));
    }
}
