namespace Cajal;

/// <summary>What metrics of numbers share: a column of predictions [N, 1] may meet targets [N], and the other way round.</summary>
internal static class Numbers
{
    /// <summary>Both as rows of a matrix [N, outputs], in double precision.</summary>
    internal static (double[] Predictions, double[] Targets, int Outputs) Of(string metric, Tensor predictions, Tensor targets)
    {
        if (predictions.Rank == 0) throw new ShapeException($"{metric}: predictions must be [N, ...], but they are [].");
        Loss.Align(metric, "predictions", predictions, "targets", targets);
        int outputs = 1;
        foreach (int length in predictions.Dims.AsSpan(1)) outputs *= length;
        return (predictions.Detach().ToArray<double>(), targets.Detach().ToArray<double>(), outputs);
    }
}

/// <summary>The mean of |z - y|, in the units of the target: predictions z [N, ...], targets y [N, ...].</summary>
public sealed class MeanAbsoluteError : Metric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => sum / count;

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    /// <inheritdoc/>
    public override double[] SaveState() => [sum, count];

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length == 2);
        (sum, count) = (state[0], (long)state[1]);
    }

    /// <inheritdoc/>
    public override void Update(Tensor predictions, Tensor targets)
    {
        var (z, y, _) = Numbers.Of("MeanAbsoluteError", predictions, targets);
        for (int i = 0; i < z.Length; i++) sum += Math.Abs(z[i] - y[i]);
        count += z.Length;
    }
}

/// <summary>√ of the mean of (z - y)², in the units of the target: predictions z [N, ...], targets y [N, ...].</summary>
public sealed class RootMeanSquaredError : Metric
{
    private double sum;
    private long count;

    /// <inheritdoc/>
    public override string Name => "rmse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => Math.Sqrt(sum / count);

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    /// <inheritdoc/>
    public override double[] SaveState() => [sum, count];

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length == 2);
        (sum, count) = (state[0], (long)state[1]);
    }

    /// <inheritdoc/>
    public override void Update(Tensor predictions, Tensor targets)
    {
        var (z, y, _) = Numbers.Of("RootMeanSquaredError", predictions, targets);
        for (int i = 0; i < z.Length; i++) sum += (z[i] - y[i]) * (z[i] - y[i]);
        count += z.Length;
    }
}
