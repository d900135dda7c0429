namespace Cajal;

public sealed partial class Trainer
{
    private const int EvaluationBatch = 256;

    /// <summary>Measures the network on data, in evaluation mode, without recording; batch by batch, in memory that does not grow with the data but for the classes predicted.</summary>
    public Evaluation Evaluate(Dataset data)
    {
        if (metrics.Length != Metrics.Count) metrics = [.. Metrics];
        // In the middle of an epoch (asked by a callback, or after an interruption) the sums of that epoch must survive.
        if (position.Batches == 0) return Measure(data, details: true);
        double[]?[] sums = Array.ConvertAll(metrics, metric => metric.SaveState());
        var result = Measure(data, details: true);
        RestoreMetrics(sums);
        return result;
    }

    /// <summary>The network's outputs for inputs [N, ...], in evaluation mode, without recording.</summary>
    public Tensor Predict(Tensor inputs)
    {
        using var scope = new NoGrad();
        using var mode = net.InMode(training: false);
        return net.Call(inputs);
    }

    private Evaluation Measure(Dataset data, bool details)
    {
        using var scope = new NoGrad();
        using var mode = net.InMode(training: false);
        foreach (var metric in metrics) metric.Reset();
        var kept = incomplete;
        incomplete = [];
        // One score per sample is a logit, unless the loss takes probabilities.
        var totals = new EvaluationTotals(data.Task, data.Classes?.Count ?? 0, loss is BceLoss ? 0.5 : 0, details);
        foreach (var batch in new DataLoader(data, EvaluationBatch))
        {
            var output = net.Call(batch.Inputs);
            double value = loss.Forward(output, batch.Targets).Item();
            totals.Add(output, batch.Targets, loss.Reduction == Reduction.Mean ? value * batch.Count : value);
            foreach (var metric in metrics) metric.Update(output, batch.Targets);
        }
        var result = totals.Result(MetricValues());
        incomplete = kept;
        return result;
    }

    /// <summary>Gives the metrics back the sums of the epoch under way; those that cannot be stored are incomplete for this epoch.</summary>
    private void RestoreMetrics(double[]?[] sums)
    {
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i].Reset();
            if (sums[i] is { } state) metrics[i].LoadState(state);
            else incomplete[i] = true;
        }
    }
}
