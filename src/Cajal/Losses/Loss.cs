namespace Cajal;

/// <summary>
/// A measure of how wrong a prediction is, given a target. One's own loss derives from this class and ends in <see cref="Reduce"/>, or is a function: <see
/// cref="From"/>. Losses of other signatures, such as <see cref="TripletMarginLoss"/>, are classes of their own.
/// </summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public abstract class Loss(Reduction reduction = Reduction.Mean)
{
    /// <summary>How the losses of single elements become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of <paramref name="prediction"/> against <paramref name="target"/>.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public abstract Tensor Forward(Tensor prediction, Tensor target);

    /// <summary>A loss made of a function of prediction and target that reduces to one number by itself.</summary>
    public static Loss From(Func<Tensor, Tensor, Tensor> function) => new FunctionLoss(function);

    /// <summary>Losses of single elements, reduced as <see cref="Reduction"/> says.</summary>
    protected Tensor Reduce(Tensor losses) => Reduction.Of(losses);

    /// <summary>
    /// The target in the shape and dtype of the prediction. A column [N, 1] and a vector [N] are brought together, in either direction; as they stand they
    /// would broadcast to [N, N], a silent error.
    /// </summary>
    /// <exception cref="ShapeException">The shapes differ otherwise.</exception>
    protected Tensor Aligned(Tensor prediction, Tensor target) => Align(GetType().Name, "prediction", prediction, "target", target);

    /// <summary>The loss of a single sample without a batch axis.</summary>
    private protected Tensor ForwardOne(Tensor prediction, Tensor target)
    {
        var losses = Forward(prediction.Unsqueeze(0), target.Unsqueeze(0));
        return Reduction == Reduction.None ? losses.Squeeze(0) : losses;
    }

    /// <inheritdoc cref="Aligned"/>
    internal static Tensor Align(string loss, string predictionName, Tensor prediction, string targetName, Tensor target)
    {
        var aligned = target;
        if (prediction.Rank == target.Rank + 1 && prediction.Dims[^1] == 1) aligned = target.Unsqueeze(-1);
        else if (target.Rank == prediction.Rank + 1 && target.Dims[^1] == 1) aligned = target.Squeeze(-1);
        if (prediction.Shape != aligned.Shape) throw new ShapeException($"{loss}: {predictionName} {prediction.Shape} and {targetName} {target.Shape} must have the same shape.");
        return aligned.Cast(prediction.DType.IsFloating ? prediction.DType : DType.Float32);
    }
}
