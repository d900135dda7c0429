namespace Cajal;

/// <summary>
/// Kullback-Leibler divergence of predicted from wanted probabilities, y (ln y - z), element by element, reduced: prediction z [N, ...] logarithms of
/// probabilities, target y [N, ...] probabilities, or their logarithms. Where y is 0 the loss is 0, the limit. <see cref="Reduction.BatchMean"/> gives the
/// divergence per sample; <see cref="Reduction.Mean"/>, PyTorch's default, also divides by the number of classes.
/// </summary>
/// <param name="logTarget">Whether the target holds logarithms too.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class KlDivergenceLoss(bool logTarget = false, Reduction reduction = Reduction.BatchMean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        target = Aligned(prediction, target);
        if (logTarget) return Reduce(LogProduct.Of(target.Exp(), target - prediction));
        var logs = Tensor.Where(target.EqualTo(0), 1, target).Log();
        return Reduce(target * logs - LogProduct.Of(target, prediction));
    }
}
