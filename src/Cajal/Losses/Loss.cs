namespace Cajal;

/// <summary>How the losses of single elements become one result.</summary>
public enum Reduction
{
    /// <summary>Their mean (weighted, where there are weights).</summary>
    Mean,
    /// <summary>Their sum.</summary>
    Sum,
    /// <summary>Each by itself.</summary>
    None,
}

/// <summary>A measure of how wrong a prediction is.</summary>
/// <param name="reduction">How the losses of single elements become one result.</param>
public abstract class Loss(Reduction reduction)
{
    /// <summary>How the losses of single elements become one result.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The loss of <paramref name="prediction"/> against <paramref name="target"/>.</summary>
    public abstract Tensor Forward(Tensor prediction, Tensor target);

    private protected Tensor Reduce(Tensor losses) => Reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        _ => losses,
    };

    private protected Tensor Aligned(Tensor prediction, Tensor target)
    {
        // A column of predictions [N, 1] against targets [N] would broadcast to [N, N]: a silent error elsewhere, settled here.
        if (prediction.Rank == target.Rank + 1 && prediction.Dims[^1] == 1) target = target.Unsqueeze(-1);
        if (prediction.Shape != target.Shape) throw new ShapeException($"{GetType().Name}: prediction {prediction.Shape} and target {target.Shape} must have the same shape.");
        return target.Cast(prediction.DType);
    }
}
