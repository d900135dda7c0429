namespace Cajal;

/// <summary>
/// The share of samples whose class is among the <paramref name="k"/> with the largest scores: predictions [N, K, d...], targets [N, d...] class numbers.
/// Among equal scores the earlier class comes first, as in <c>ArgMax</c>, so that k = 1 is <see cref="Accuracy"/>. A score that is NaN is never among the
/// largest.
/// </summary>
/// <param name="k">How many guesses are allowed.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
public sealed class TopKAccuracy(int k = 5, long ignoreIndex = -100) : Metric
{
    private readonly int k = k >= 1 ? k : throw new ArgumentOutOfRangeException(nameof(k), k, "TopKAccuracy: k must be at least 1.");
    private long right, total;

    /// <inheritdoc/>
    public override string Name => $"top{k}_accuracy";

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
        if (!ClassDecisions.HasClassAxis(predictions, targets))
        {
            throw new ShapeException($"TopKAccuracy: predictions must be scores [N, K, ...] for targets [N, ...], but predictions are {predictions.Shape} and targets {targets.Shape}.");
        }
        int classes = predictions.Dims[1];
        long[] labels = ClassDecisions.Labels("TopKAccuracy", targets, classes, ignoreIndex);
        double[] scores = ClassDecisions.Rows(predictions);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            total++;
            var row = scores.AsSpan(i * classes, classes);
            double own = row[(int)labels[i]];
            int before = 0;
            for (int other = 0; other < classes; other++)
            {
                if (row[other] > own || (row[other] == own && other < labels[i])) before++;
            }
            if (before < k && !double.IsNaN(own)) right++;
        }
    }
}
