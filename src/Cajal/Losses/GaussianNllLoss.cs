namespace Cajal;

/// <summary>
/// Negative log-likelihood under a normal distribution whose variance is predicted too, ½(ln v + (z - y)²/v), reduced (Nix and Weigend 1994): with <paramref
/// name="full"/> also ½ ln 2π. v is held at ε or more in the value; its derivative passes as if it were not, so that a variance which is too small can grow,
/// as in PyTorch.
/// </summary>
/// <param name="full">Whether to add the constant.</param>
/// <param name="epsilon">ε: the least variance, in squared units of the target.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class GaussianNllLoss(bool full = false, double epsilon = 1e-6, Reduction reduction = Reduction.Mean)
{
    /// <summary>How the losses of single elements become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of a predicted mean and variance against a target.</summary>
    /// <param name="mean">z [...].</param>
    /// <param name="target">y [...].</param>
    /// <param name="variance">v ≥ 0: [...], or with a last axis of length 1 or none where all outputs of a sample share it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">A variance is negative.</exception>
    public Tensor Forward(Tensor mean, Tensor target, Tensor variance)
    {
        mean = mean.AsFloating();
        target = Loss.Align("GaussianNllLoss", "mean", mean, "target", target);
        var v = Shared(mean, variance).Cast(mean.DType);
        var plain = v.Detach();
        if (v.Count > 0 && plain.Min().Item() < 0) throw new ArgumentException($"GaussianNllLoss: a variance is negative, {plain.Min().Item():G6}. Let the network predict its logarithm, or end in Softplus.");
        v += Tensor.Where(plain < epsilon, epsilon - plain, 0);
        var losses = (v.Log() + (mean - target).Square() / v) * 0.5;
        return Reduction.Of(full ? losses + 0.5 * Math.Log(2 * Math.PI) : losses);
    }

    private static Tensor Shared(Tensor mean, Tensor variance)
    {
        if (variance.Shape == mean.Shape) return variance;
        var columns = variance.Rank == mean.Rank - 1 ? variance.Unsqueeze(-1) : variance;
        bool fits = columns.Rank == mean.Rank && columns.Rank > 0 && columns.Dims[^1] == 1 && columns.Dims.AsSpan(..^1).SequenceEqual(mean.Dims.AsSpan(..^1));
        return fits ? columns : throw new ShapeException($"GaussianNllLoss: variance must have the shape of the mean {mean.Shape}, or one number in place of its last axis, but it is {variance.Shape}.");
    }
}
