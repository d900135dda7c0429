namespace Cajal;

/// <summary>Sums up an evaluation batch by batch, in memory that grows with the classes and, where they are wanted, the predictions.</summary>
/// <param name="task">Which figures make sense.</param>
/// <param name="classes">K, as far as the data know.</param>
/// <param name="threshold">For one score per sample: class 1 is chosen above it.</param>
/// <param name="details">Whether the confusion matrix and the predictions are wanted.</param>
internal sealed class EvaluationTotals(LearningTask task, int classes, double threshold, bool details)
{
    /// <summary>A confusion matrix of more classes takes more than 16 MiB and nobody reads it.</summary>
    private const int MostConfused = 2048;

    private readonly List<int> predicted = [];
    private int[,]? confusion;
    private int samples;
    private double loss;
    private long right, judged;
    private readonly RootMeanSquaredError rmse = new();
    private readonly R2Score r2 = new();
    private bool comparable = true;

    internal void Add(Tensor output, Tensor targets, double batchLoss)
    {
        samples += output.Dims[0];
        loss += batchLoss;
        if (task == LearningTask.Classification) AddClasses(output, targets);
        else AddNumbers(output, targets);
    }

    internal Evaluation Result(IReadOnlyDictionary<string, double> metrics)
    {
        var result = new Evaluation(samples, loss / samples) { Metrics = metrics };
        if (!comparable) return result;
        if (task != LearningTask.Classification)
            return result with { Rmse = rmse.Value, R2 = r2.Value };
        return result with { Accuracy = (double)right / judged, Confusion = confusion ?? Matrix(classes), Predicted = details ? [.. predicted] : null };
    }

    private void AddClasses(Tensor output, Tensor targets)
    {
        // Soft and one-hot targets: the largest entry is the class.
        if (output.Shape == targets.Shape && targets.Rank > 1 && targets.Dims[1] > 1) targets = targets.ArgMax(1);
        comparable &= output.Shape == targets.Shape || ClassDecisions.HasClassAxis(output, targets);
        if (!comparable) return;
        var (chosen, known) = ClassDecisions.Predicted("Evaluate", output, targets, threshold);
        long[] labels = targets.ToArray<long>();
        int count = Math.Max(classes, known);
        confusion ??= Matrix(count);
        for (int i = 0; i < labels.Length; i++)
        {
            if (details) predicted.Add((int)chosen[i]);
            if (labels[i] < 0 || labels[i] >= count) continue;
            judged++;
            if (labels[i] == chosen[i]) right++;
            if (confusion is not null && chosen[i] < count) confusion[labels[i], chosen[i]]++;
        }
    }

    private int[,]? Matrix(int count) => details && count <= MostConfused ? new int[count, count] : null;

    private void AddNumbers(Tensor output, Tensor targets)
    {
        comparable &= output.Count == targets.Count;
        if (!comparable) return;
        targets = targets.Reshape(output.Shape);
        rmse.Update(output, targets);
        r2.Update(output, targets);
    }
}
