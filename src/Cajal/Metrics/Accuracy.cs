namespace Cajal;

/// <summary>
/// The share of samples whose class is right: predictions [N, K, d...] scores of any kind (logits, probabilities) with targets [N, d...] class numbers, or
/// one score ([N, d...] or [N, 1, d...]) for targets that are 0 or 1, or class numbers on both sides.
/// </summary>
/// <param name="threshold">For one score per sample: class 1 is chosen above it. 0 suits logits; give 0.5 for probabilities.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class Accuracy(double threshold = 0, long ignoreIndex = -100) : Metric
{
    private long right, total;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Value => (double)right / total;

    /// <inheritdoc/>
    public override void Reset() => (right, total) = (0, 0);

    /// <inheritdoc/>
    public override double[] SaveState() => [right, total];

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length == 2);
        (right, total) = ((long)state[0], (long)state[1]);
    }

    /// <inheritdoc/>
    public override void Update(Tensor predictions, Tensor targets)
    {
        var (predicted, classes) = ClassDecisions.Predicted("Accuracy", predictions, targets, threshold);
        long[] labels = ClassDecisions.Labels("Accuracy", targets, classes, ignoreIndex);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            total++;
            if (labels[i] == predicted[i]) right++;
        }
    }
}
