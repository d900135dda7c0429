namespace Cajal;

/// <summary>How the losses of single elements (or samples) become one result.</summary>
public enum Reduction
{
    /// <summary>Their mean (weighted, where there are class weights).</summary>
    Mean,
    /// <summary>Their sum.</summary>
    Sum,
    /// <summary>Each by itself.</summary>
    None,
    /// <summary>Their sum divided by the number of samples, the length of the first axis: what a Kullback-Leibler divergence is, by definition.</summary>
    BatchMean,
}

/// <summary>Reducing, for losses of every signature.</summary>
internal static class Reductions
{
    /// <summary>Reduces losses [N, ...].</summary>
    internal static Tensor Of(this Reduction reduction, Tensor losses) => reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        Reduction.BatchMean => losses.Rank == 0 ? losses : losses.Sum() / losses.Dims[0],
        _ => losses,
    };
}
