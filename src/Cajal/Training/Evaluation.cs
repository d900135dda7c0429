namespace Cajal;

/// <summary>How well a network does on a data set.</summary>
/// <param name="Count">Samples.</param>
/// <param name="Loss">Mean loss per sample.</param>
public sealed record Evaluation(int Count, double Loss)
{
    internal static readonly IReadOnlyDictionary<string, double> NoMetrics = new OrderedDictionary<string, double>();

    /// <summary>The share of samples whose largest logit is the right class; null for regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Samples of class [row] taken for class [column]; null for regression, and for more than 2048 classes.</summary>
    public int[,]? Confusion { get; init; }

    /// <summary>The class taken for each sample, in order; null for regression.</summary>
    public int[]? Predicted { get; init; }

    /// <summary>√ mean (y - z)², in the units of the target; null for classification.</summary>
    public double? Rmse { get; init; }

    /// <summary>1 - Σ(y - z)² / Σ(y - ȳ)²: the share of the variance explained, averaged over outputs as in <see cref="R2Score"/>; null for classification.</summary>
    public double? R2 { get; init; }

    /// <summary>The trainer's metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = NoMetrics;

    /// <summary>All single numbers by name: <c>loss</c>, <c>accuracy</c> or <c>rmse</c> and <c>r2</c>, and the metrics, each name once.</summary>
    public IEnumerable<KeyValuePair<string, double>> Figures
    {
        get
        {
            yield return new("loss", Loss);
            if (Accuracy is { } accuracy && !Metrics.ContainsKey("accuracy")) yield return new("accuracy", accuracy);
            if (Rmse is { } rmse && !Metrics.ContainsKey("rmse")) yield return new("rmse", rmse);
            if (R2 is { } r2 && !Metrics.ContainsKey("r2")) yield return new("r2", r2);
            foreach (var metric in Metrics) yield return metric;
        }
    }
}
