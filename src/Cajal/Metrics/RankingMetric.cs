namespace Cajal;

/// <summary>
/// What <see cref="RocAuc"/> and <see cref="AveragePrecision"/> share: they collect all scores, since both depend on the order of all samples. Two classes:
/// predictions [N, d...], [N, 1, d...] or [N, 2, d...], larger where class 1 is likelier; targets [N, d...] 0 or 1. More classes: predictions [N, K, d...],
/// targets class numbers; each class is set against the rest.
/// </summary>
public abstract class RankingMetric : Metric
{
    private readonly Averaging averaging;
    private readonly bool logits;
    private readonly long ignoreIndex;

    private readonly List<double> scores = [];
    private readonly List<long> labels = [];
    private int columns;

    private protected RankingMetric(Averaging averaging, bool logits, long ignoreIndex)
    {
        this.averaging = averaging;
        this.logits = logits;
        this.ignoreIndex = ignoreIndex;
    }

    /// <inheritdoc/>
    public sealed override string Name => averaging.Named(Figure);

    /// <summary>The figure of each class against the rest, [K], or of class 1 alone where there are two, [1]; NaN where it is undefined.</summary>
    public double[] PerClass => [.. Enumerable.Range(0, columns).Select(column => Of(column, columns == 1 ? 1 : column))];

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            if (labels.Count == 0) return double.NaN;
            if (columns == 1) return Of(0, 1);
            if (averaging == Averaging.Micro) return Together();
            if (averaging == Averaging.Positive) throw new InvalidOperationException($"{GetType().Name}: among {columns} classes none is the positive one; use another averaging.");
            double sum = 0, weights = 0;
            double[] perClass = PerClass;
            for (int k = 0; k < columns; k++)
            {
                // A class that never occurs, or always, has no figure and no say.
                if (labels.TrueForAll(label => label == k) || !labels.Contains(k)) continue;
                double weight = averaging == Averaging.Weighted ? labels.Count(label => label == k) : 1;
                sum += weight * perClass[k];
                weights += weight;
            }
            return sum / weights;
        }
    }

    /// <inheritdoc/>
    public sealed override void Reset()
    {
        scores.Clear();
        labels.Clear();
        columns = 0;
    }

    /// <inheritdoc/>
    public sealed override double[] SaveState() => [columns, labels.Count, .. labels.Select(label => (double)label), .. scores];

    /// <inheritdoc/>
    public sealed override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length >= 2 && state[0] >= 0 && state[1] >= 0 && 2 + state[1] * (1 + state[0]) == state.Length);
        Reset();
        columns = (int)state[0];
        int count = (int)state[1];
        foreach (double label in state.Slice(2, count)) labels.Add((long)label);
        scores.AddRange(state[(2 + count)..]);
    }

    /// <inheritdoc/>
    public sealed override void Update(Tensor predictions, Tensor targets)
    {
        string name = GetType().Name;
        var rows = ClassDecisions.WithClassAxis(name, predictions, targets);
        int given = rows.Dims[1], kept = given == 2 ? 1 : given;
        if (columns != 0 && kept != columns) throw new ShapeException($"{name}: predictions {predictions.Shape} have another number of classes than the batches before, {columns}.");
        long[] batch = ClassDecisions.Labels(name, targets, Math.Max(2, given), ignoreIndex);
        double[] values = ClassDecisions.Rows(given > 2 && logits ? rows.Detach().Cast(DType.Float64).Softmax(1) : rows);
        columns = kept;
        for (int i = 0; i < batch.Length; i++)
        {
            if (batch[i] == ignoreIndex) continue;
            labels.Add(batch[i]);
            var row = values.AsSpan(i * given, given);
            // Of two scores only the difference matters, for logits and probabilities alike.
            if (given == 2) scores.Add(row[1] - row[0]);
            else scores.AddRange(row);
        }
    }

    private protected abstract string Figure { get; }

    /// <summary>The figure of samples in descending order of score, cut into groups of equal scores.</summary>
    /// <param name="groups">Positive and negative samples of each group.</param>
    /// <param name="positives">All positive samples, at least 1.</param>
    /// <param name="negatives">All negative samples, at least 1.</param>
    private protected abstract double Rank(IEnumerable<(long Positives, long Negatives)> groups, long positives, long negatives);

    private double Of(int column, int positive) =>
        Ranked([.. Enumerable.Range(0, labels.Count).Select(i => scores[i * columns + column])], [.. labels.Select(label => label == positive)]);

    /// <summary>Every pair of a sample and a class as one problem.</summary>
    private double Together() => Ranked([.. scores], [.. Enumerable.Range(0, scores.Count).Select(i => labels[i / columns] == i % columns)]);

    private double Ranked(double[] values, bool[] truths)
    {
        long positives = truths.LongCount(truth => truth);
        if (positives == 0 || positives == truths.Length || Array.Exists(values, double.IsNaN)) return double.NaN;
        Array.Sort(values, truths);
        return Rank(Groups(values, truths), positives, truths.Length - positives);
    }

    private static IEnumerable<(long Positives, long Negatives)> Groups(double[] ascending, bool[] truths)
    {
        for (int end = ascending.Length; end > 0;)
        {
            double score = ascending[end - 1];
            long positives = 0, negatives = 0;
            for (; end > 0 && ascending[end - 1] == score; end--)
            {
                if (truths[end - 1]) positives++;
                else negatives++;
            }
            yield return (positives, negatives);
        }
    }
}

/// <summary>
/// The area under the receiver operating characteristic: the probability that a random positive sample has a larger score than a random negative one, equal
/// scores counting half (Hanley and McNeil 1982). NaN as long as there are not both.
/// </summary>
/// <param name="averaging">How the areas of more than two classes become one.</param>
/// <param name="logits">Whether scores of more than two classes are logits, which become probabilities by softmax; otherwise they are ranked as they
/// are.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
/// <inheritdoc cref="RankingMetric" path="/remarks"/>
public sealed class RocAuc(Averaging averaging = Averaging.Macro, bool logits = true, long ignoreIndex = -100)
    : RankingMetric(averaging, logits, ignoreIndex)
{
    private protected override string Figure => "roc_auc";

    private protected override double Rank(IEnumerable<(long Positives, long Negatives)> groups, long positives, long negatives)
    {
        double above = 0, area = 0;
        foreach (var group in groups)
        {
            area += group.Negatives * (above + group.Positives * 0.5);
            above += group.Positives;
        }
        return area / ((double)positives * negatives);
    }
}

/// <summary>
/// The area under precision against recall as a sum of steps, Σ (Rᵢ - Rᵢ₋₁) Pᵢ over falling thresholds, without interpolation. NaN as long as there are not
/// both kinds of samples.
/// </summary>
/// <param name="averaging">How the figures of more than two classes become one.</param>
/// <param name="logits">Whether scores of more than two classes are logits, which become probabilities by softmax; otherwise they are ranked as they
/// are.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
/// <inheritdoc cref="RankingMetric" path="/remarks"/>
public sealed class AveragePrecision(Averaging averaging = Averaging.Macro, bool logits = true, long ignoreIndex = -100)
    : RankingMetric(averaging, logits, ignoreIndex)
{
    private protected override string Figure => "average_precision";

    private protected override double Rank(IEnumerable<(long Positives, long Negatives)> groups, long positives, long negatives)
    {
        double found = 0, taken = 0, sum = 0;
        foreach (var group in groups)
        {
            found += group.Positives;
            taken += group.Positives + group.Negatives;
            sum += group.Positives * (found / taken);
        }
        return sum / positives;
    }
}
