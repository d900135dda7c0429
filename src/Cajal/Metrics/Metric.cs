namespace Cajal;

/// <summary>
/// A figure of merit that grows batch by batch: <see cref="Reset"/>, then <see cref="Update"/> for every batch, then <see cref="Value"/>. The value is that
/// of all samples together, not a mean over batches, so it does not depend on how the data were split. Sums are kept in double precision.
/// </summary>
public abstract class Metric
{
    /// <summary>A short name for tables and logs, such as <c>accuracy</c> or <c>top5_accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a larger value is a better one, as for accuracy but not for an error.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>
    /// The figure for all samples since the last <see cref="Reset"/>; NaN as long as it is undefined, in particular before the first sample.
    /// </summary>
    public abstract double Value { get; }

    /// <summary>Forgets all samples.</summary>
    public abstract void Reset();

    /// <summary>Takes in a batch; nothing is recorded for differentiation.</summary>
    /// <param name="predictions">What the network gave, [N, ...].</param>
    /// <param name="targets">What it should have given, [N, ...].</param>
    /// <exception cref="ShapeException">Shapes, dtypes or class numbers do not fit.</exception>
    public abstract void Update(Tensor predictions, Tensor targets);

    /// <summary>
    /// All that has been taken in since the last <see cref="Reset"/>, as numbers, so that a checkpoint in the middle of an epoch can go on. Null (the default) if a metric does not
    /// offer this; its training figure of an epoch that was interrupted is then NaN.
    /// </summary>
    public virtual double[]? SaveState() => null;

    /// <summary>Goes on from what <see cref="SaveState"/> gave.</summary>
    /// <exception cref="ArgumentException">The state is not one of this metric.</exception>
    public virtual void LoadState(ReadOnlySpan<double> state) => throw new NotSupportedException($"{GetType().Name} cannot restore a state: override SaveState and LoadState.");

    /// <summary>Refuses a state of another kind or size.</summary>
    private protected void CheckState(bool fits)
    {
        if (!fits) throw new ArgumentException($"The saved state of {Name} does not fit {GetType().Name}; it was saved by another metric, or one with other classes.");
    }

    /// <summary>The figure for one pair of tensors; what was taken in before is forgotten.</summary>
    /// <inheritdoc cref="Update"/>
    internal double Of(Tensor predictions, Tensor targets)
    {
        Reset();
        Update(predictions, targets);
        return Value;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} {Value:G6}");
}
