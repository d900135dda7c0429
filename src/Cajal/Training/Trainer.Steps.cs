namespace Cajal;

public sealed partial class Trainer
{
    /// <summary>Metrics whose sums for this epoch were lost: to a resume they cannot follow, or to an evaluation inside the epoch.</summary>
    private bool[] incomplete = [];

    /// <summary>One batch: forward, backward, and a step if it completes its group.</summary>
    private void TakeBatch(FitRun fit, Batch batch)
    {
        halfway = true;
        var context = fit.Context;
        int size = batch.Count, done = position.Batches + 1;
        bool begins = position.Batches % position.Accumulate == 0, ends = done % position.Accumulate == 0 || done == context.Batches;
        if (begins) optimizer.ZeroGrad();
        if (begins || fit.IsFresh) BeginStep(fit);
        var drawn = generator!.State;
        var output = net.Call(batch.Inputs);
        var value = loss.Forward(output, batch.Targets);
        double number = value.Item();
        if (!double.IsFinite(number)) throw LossDiverged(fit, batch, drawn, number);
        Objective(value, size, ends).Backward();
        if (ends) Step(fit);
        context.Stepped = ends;
        foreach (var metric in metrics) metric.Update(output.Detach(), batch.Targets);

        position.Batches = done;
        position.Samples += size;
        position.LossSum += loss.Reduction == Reduction.Mean ? number * size : number;
        (context.Batch, context.BatchLoss, context.Loss) = (done, number, position.LossSum / position.Samples);
        halfway = false;
    }

    /// <summary>What is differentiated for one batch: its share of the group's loss, and, once per group, the penalty.</summary>
    private Tensor Objective(Tensor value, int size, bool ends)
    {
        // A mean counts each batch by its samples; sums simply add up.
        if (position.Accumulate > 1 && loss.Reduction == Reduction.Mean)
        {
            int full = position.Accumulate * position.BatchSize, first = position.Batches / position.Accumulate * full;
            int group = Math.Min(full, position.EpochSamples - first);
            if (group != size) value *= (double)size / group;
        }
        return ends && Regularizer is not null ? value + Regularizer(net) : value;
    }

    private void Step(FitRun fit)
    {
        if (CheckGradients || ClipGradientNorm is not null || ClipGradientValue is not null) CheckFiniteGradients(fit);
        if (ClipGradientValue is { } bound) Gradients.ClipValue(fit.Parameters.Select(named => named.Value), bound);
        if (ClipGradientNorm is { } limit) Gradients.ClipNorm(fit.Parameters.Select(named => named.Value), limit);
        optimizer.Step();
        fit.Context.Step = ++position.Steps;
        foreach (var callback in callbacks) callback.AfterStep(fit.Context);
    }

    /// <summary>Sets what holds for one step. Depends only on where the step began, since a resume may call it again between the batches of a group.</summary>
    private void BeginStep(FitRun fit)
    {
        fit.IsFresh = false;
        if (Schedule is not null)
        {
            int began = position.Batches / position.Accumulate * position.Accumulate * position.BatchSize;
            double factor = Schedule((position.Epochs + (double)began / position.EpochSamples) / fit.Context.Epochs);
            foreach (var group in optimizer.Groups) group.LearningRate = group.InitialLearningRate * factor;
        }
        foreach (var callback in callbacks) callback.BeforeStep(fit.Context);
    }

    private void ResetMetrics()
    {
        incomplete = new bool[metrics.Length];
        foreach (var metric in metrics) metric.Reset();
    }

    private IReadOnlyDictionary<string, double> MetricValues()
    {
        if (metrics.Length == 0) return Evaluation.NoMetrics;
        var values = new OrderedDictionary<string, double>();
        for (int i = 0; i < metrics.Length; i++)
        {
            if (!values.TryAdd(metrics[i].Name, i < incomplete.Length && incomplete[i] ? double.NaN : metrics[i].Value))
                throw new ArgumentException($"Trainer.Metrics: two metrics have the name \"{metrics[i].Name}\"; each needs its own.");
        }
        return values;
    }
}
