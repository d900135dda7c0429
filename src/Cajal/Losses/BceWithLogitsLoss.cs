using Cajal.Autodiff;

namespace Cajal;

/// <summary>
/// Binary cross-entropy of logits, w (ρ y softplus(-z) + (1 - y) softplus(z)), reduced: prediction z [...], target y [...] in [0, 1]. Exact for logits of any
/// size, ±∞ included.
/// </summary>
/// <param name="weight">w: a factor per element, broadcast against the prediction; or null. The mean divides by the number of elements all the same.</param>
/// <param name="posWeight">ρ: a factor on the positive part, one per class, broadcast against the prediction; or null. (negatives / positives) balances rare
/// classes.</param>
/// <param name="reduction">How the losses of single elements become one result.</param>
public sealed class BceWithLogitsLoss(Tensor? weight = null, Tensor? posWeight = null, Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        prediction = prediction.AsFloating();
        var losses = Elements("BceWithLogitsLoss", prediction, Aligned(prediction, target), posWeight);
        return Reduce(weight is null ? losses : losses * Broadcast("BceWithLogitsLoss", "weight", weight, losses));
    }

    /// <summary>The losses of single elements; the derivative by z is (1 - y) σ(z) - ρ y σ(-z), finite for every z.</summary>
    internal static Tensor Elements(string loss, Tensor prediction, Tensor target, Tensor? posWeight)
    {
        var positive = posWeight is null ? null : Broadcast(loss, "posWeight", posWeight, prediction);
        Tensor z = prediction.Detach(), y = target.Detach();
        var losses = LogProduct.Of(positive is null ? y : y * positive, (-z).Softplus()) + LogProduct.Of(1 - y, z.Softplus());
        var kept = (Z: (Saved)prediction, Y: (Saved)target, Positive: (Saved)positive, Weighted: positive is not null);
        return Tape.Record("BceWithLogits", losses, prediction, target, kept, static (g, saved, needs) =>
        {
            Tensor z = saved.Z, y = saved.Y;
            if (!saved.Weighted) return (needs[0] ? g * (z.Sigmoid() - y) : null, needs[1] ? -g * z : null);
            Tensor positive = saved.Positive;
            return (needs[0] ? g * ((1 - y) * z.Sigmoid() - y * positive * (-z).Sigmoid()) : null,
                needs[1] ? g * (positive * (-z).Softplus() - z.Softplus()) : null);
        });
    }

    /// <summary>A constant that multiplies losses, once it is certain that it does not enlarge them.</summary>
    internal static Tensor Broadcast(string loss, string name, Tensor weight, Tensor losses)
    {
        bool fits = weight.Rank <= losses.Rank;
        for (int axis = 1; fits && axis <= weight.Rank; axis++) fits = weight.Dims[^axis] == 1 || weight.Dims[^axis] == losses.Dims[^axis];
        if (!fits) throw new ShapeException($"{loss}: {name} must broadcast to the prediction {losses.Shape}, but it is {weight.Shape}.");
        return weight.Detach().Cast(losses.DType);
    }
}
