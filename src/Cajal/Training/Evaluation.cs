namespace Cajal;

/// <summary>How well a network does on a data set.</summary>
/// <param name="Count">Samples.</param>
/// <param name="Loss">Mean loss per sample.</param>
public sealed record Evaluation(int Count, double Loss)
{
    /// <summary>The share of samples whose largest logit is the right class; null for regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Samples of class [row] taken for class [column]; null for regression.</summary>
    public int[,]? Confusion { get; init; }

    /// <summary>The class taken for each sample, in order; null for regression.</summary>
    public int[]? Predicted { get; init; }

    /// <summary>√ mean (y - z)², in the units of the target; null for classification.</summary>
    public double? Rmse { get; init; }

    /// <summary>1 - Σ(y - z)² / Σ(y - ȳ)²: the share of the variance explained; null for classification.</summary>
    public double? R2 { get; init; }

    internal static Evaluation OfClasses(double loss, long[] predicted, long[] labels, int classes)
    {
        var confusion = new int[classes, classes];
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            confusion[labels[i], predicted[i]]++;
            if (labels[i] == predicted[i]) right++;
        }
        return new(labels.Length, loss) { Accuracy = (double)right / labels.Length, Confusion = confusion, Predicted = Array.ConvertAll(predicted, value => (int)value) };
    }

    internal static Evaluation OfNumbers(double loss, double[] predicted, double[] targets)
    {
        double mean = targets.Average(), residual = 0, total = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            residual += (predicted[i] - targets[i]) * (predicted[i] - targets[i]);
            total += (targets[i] - mean) * (targets[i] - mean);
        }
        return new(targets.Length, loss) { Rmse = Math.Sqrt(residual / targets.Length), R2 = total > 0 ? 1 - residual / total : double.NaN };
    }
}
