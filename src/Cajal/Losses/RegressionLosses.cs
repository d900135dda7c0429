namespace Cajal;

/// <summary>(z - y)², reduced: prediction z [...], target y [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class MseLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Square());
}

/// <summary>|z - y|, reduced (the mean absolute error): prediction z [...], target y [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class L1Loss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Abs());
}

/// <summary>½(z - y)², reduced; its gradient is the plain difference z - y: prediction z [...], target y [...].</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class LeastSquaresLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce((prediction - Aligned(prediction, target)).Square() * 0.5);
}

/// <summary>½d² for |d| ≤ δ, δ(|d| - ½δ) beyond, with d = z - y (Huber 1964): prediction z [...], target y [...].</summary>
/// <param name="delta">δ: where the parabola becomes a line, in the units of the target.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is not positive.</exception>
public sealed class HuberLoss(double delta = 1, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly double delta = delta > 0 ? delta : throw new ArgumentOutOfRangeException(nameof(delta), delta, "HuberLoss: delta must be positive.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target) => Reduce(Rounded((prediction - Aligned(prediction, target)).Abs(), delta));

    /// <summary>q(a - ½q) with q = min(a, δ), which is both branches in one and overflows in neither.</summary>
    internal static Tensor Rounded(Tensor distance, double delta)
    {
        var quadratic = Tensor.Where(distance <= delta, distance, delta);
        return quadratic * (distance - quadratic * 0.5);
    }
}

/// <summary>
/// ½d²/β for |d| ≤ β, |d| - ½β beyond, with d = z - y: <see cref="HuberLoss"/> divided by β. With β = 0 it is |d|. Prediction z [...], target y [...].
/// </summary>
/// <param name="beta">β: where the parabola becomes a line of slope 1, in the units of the target.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is negative.</exception>
public sealed class SmoothL1Loss(double beta = 1, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private readonly double beta = beta >= 0 ? beta : throw new ArgumentOutOfRangeException(nameof(beta), beta, "SmoothL1Loss: beta must not be negative.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        var distance = (prediction - Aligned(prediction, target)).Abs();
        return Reduce(beta == 0 ? distance : HuberLoss.Rounded(distance, beta) / beta);
    }
}
