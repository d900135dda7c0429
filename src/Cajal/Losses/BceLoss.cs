using Cajal.Autodiff;

namespace Cajal;

/// <summary>
/// Binary cross-entropy of probabilities, -w (y ln p + (1 - y) ln(1 - p)), reduced: prediction p [...] in [0, 1], target y [...] in [0, 1]. As in PyTorch
/// each logarithm is held at -100 or more, so a certain mistake costs 100, and the denominator p(1 - p) of the derivative at 10⁻¹² or more. Where the
/// prediction comes from a sigmoid, <see cref="BceWithLogitsLoss"/> is exact everywhere.
/// </summary>
/// <param name="weight">w: a factor per element, broadcast against the prediction; or null. The mean divides by the number of elements all the same.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class BceLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    private const double LowestLogarithm = -100, LeastDenominator = 1e-12;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A prediction is outside [0, 1].</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        prediction = prediction.AsFloating();
        target = Aligned(prediction, target);
        CheckProbabilities(prediction.Detach());
        var losses = Elements(prediction, target);
        return Reduce(weight is null ? losses : losses * BceWithLogitsLoss.Broadcast("BceLoss", "weight", weight, losses));
    }

    /// <summary>The derivative by p is (p - y) / (p(1 - p)), which stays finite where y says the same as p.</summary>
    private static Tensor Elements(Tensor prediction, Tensor target)
    {
        Tensor p = prediction.Detach(), y = target.Detach();
        var losses = -(y * LogOf(p) + (1 - y) * LogOf(1 - p));
        return Tape.Record("BinaryCrossEntropy", losses, prediction, target, (P: (Saved)prediction, Y: (Saved)target), static (g, saved, needs) =>
        {
            Tensor p = saved.P, y = saved.Y;
            return (needs[0] ? g * (p - y) / (p * (1 - p)).Clamp(LeastDenominator, 1) : null, needs[1] ? g * (LogOf(1 - p) - LogOf(p)) : null);
        });
    }

    /// <summary>The clamp comes twice: on p so that no infinity enters a derivative, on the logarithm for the exact bound.</summary>
    private static Tensor LogOf(Tensor p) => p.Clamp(Math.Exp(LowestLogarithm) / 2, 1).Log().Clamp(LowestLogarithm, 0);

    private static void CheckProbabilities(Tensor p)
    {
        if (p.Count == 0) return;
        double least = p.Min().Item(), largest = p.Max().Item();
        if (least < 0 || largest > 1) throw new ArgumentException($"BceLoss: predictions must be probabilities between 0 and 1, but one is {(least < 0 ? least : largest):G6}. For logits there is BceWithLogitsLoss.");
    }
}
