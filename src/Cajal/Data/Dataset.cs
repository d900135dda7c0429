namespace Cajal;

/// <summary>
/// A finite, indexable collection of samples, read a batch at a time. Datasets are immutable and safe to read from many threads; every
/// composition below is a view that reads from its parent.
/// </summary>
/// <example><code>var (train, test) = Datasets.Digits().Split(0.8, seed: 1);</code></example>
public abstract class Dataset
{
    private const int LabelChunk = 1024;
    private int[]? labels;

    /// <summary>Creates a dataset with its metadata.</summary>
    protected Dataset(DatasetInfo info) => Info = info;

    /// <summary>Name, task, classes, feature names, description, attribution.</summary>
    public DatasetInfo Info { get; }

    /// <summary>Number of samples.</summary>
    public abstract int Count { get; }

    /// <summary>Shape of one input, without the batch axis: [F] or [C, H, W].</summary>
    public abstract IReadOnlyList<int> InputShape { get; }

    /// <summary>Short name: <c>digits</c>.</summary>
    public string Name => Info.Name;

    /// <summary>Classification or regression.</summary>
    public LearningTask Task => Info.Task;

    /// <summary>Class names, or null for regression.</summary>
    public IReadOnlyList<string>? Classes => Info.Classes;

    /// <summary>Names of the input columns, or null.</summary>
    public IReadOnlyList<string>? FeatureNames => Info.FeatureNames;

    /// <summary>What the samples are.</summary>
    public string Description => Info.Description;

    /// <summary>Who made the data, under which licence.</summary>
    public string Attribution => Info.Attribution;

    /// <summary>One sample, without the batch axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public Sample this[int index]
    {
        get
        {
            Batch batch = GetBatch([index]);
            return new Sample(DataTensors.First(batch.Inputs), DataTensors.First(batch.Targets));
        }
    }

    /// <summary>Reads the samples with these indices, in this order; an index may occur more than once.</summary>
    /// <param name="indices">Each from 0 to <see cref="Count"/> - 1.</param>
    /// <returns>Inputs [N, ...] and targets, N = <c>indices.Length</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public abstract Batch GetBatch(ReadOnlySpan<int> indices);

    /// <summary>All samples as one batch. Mind the memory.</summary>
    public Batch ToBatch() => GetBatch(Indices.Range(Count));

    /// <summary>Class numbers of all samples, [N]; read once, then kept.</summary>
    /// <exception cref="InvalidOperationException">The task is regression.</exception>
    public ReadOnlyMemory<int> Labels => LabelArray();

    /// <summary>Number of samples of each class, [K].</summary>
    /// <exception cref="InvalidOperationException">The task is regression.</exception>
    public int[] ClassCounts()
    {
        int[] all = LabelArray();
        var counts = new int[Math.Max(Classes?.Count ?? 0, all.Length == 0 ? 0 : all.Max() + 1)];
        foreach (int label in all)
        {
            counts[label]++;
        }
        return counts;
    }

    /// <summary>Applies a function to every batch when it is read. The function must treat samples independently and use no randomness.</summary>
    public Dataset Map(Func<Batch, Batch> function) => new MappedDataset(this, function);

    /// <summary>Applies a function to the inputs [N, ...] of every batch when it is read.</summary>
    public Dataset MapInputs(Func<Tensor, Tensor> function) => Map(batch => batch with { Inputs = function(batch.Inputs) });

    /// <summary>The samples with these indices, in this order; an index may occur more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices) => new SubsetDataset(this, indices.ToArray());

    /// <summary>The first <paramref name="count"/> samples (fewer if there are fewer).</summary>
    public Dataset Take(int count) => Subset(Indices.Range(0, Math.Clamp(count, 0, Count)));

    /// <summary>All but the first <paramref name="count"/> samples.</summary>
    public Dataset Skip(int count) => Subset(Indices.Range(Math.Clamp(count, 0, Count), Count));

    /// <summary>The same samples in a random order, fixed by the seed.</summary>
    public Dataset Shuffle(int seed) => Subset(DataRandom.Seeded(seed).Permutation(Count));

    /// <summary>This dataset's samples, then the other's. Name, classes and the rest are taken from this one.</summary>
    /// <exception cref="ArgumentException">Tasks or input shapes differ.</exception>
    public Dataset Concat(Dataset other) => new ConcatDataset(this, other);

    /// <summary>Splits at random into a training and a test part.</summary>
    /// <param name="fraction">Share of the first part, between 0 and 1; its size is round(fraction * Count).</param>
    /// <param name="seed">Fixes the split.</param>
    /// <param name="stratified">Keep each class's share in both parts, within one sample. Default: yes for classification.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (Dataset Train, Dataset Test) Split(double fraction, int seed, bool? stratified = null)
    {
        (int[] first, int[] second) = Splitting.InTwo(Count, fraction, StrataOrNull(stratified), DataRandom.Seeded(seed));
        return (Subset(first), Subset(second));
    }

    /// <summary>Splits at random into three parts; what the first two shares leave is the third.</summary>
    /// <param name="train">Share of the training part.</param>
    /// <param name="validation">Share of the validation part; train + validation must be at most 1.</param>
    /// <param name="seed">Fixes the split.</param>
    /// <param name="stratified">Keep each class's share in all parts. Default: yes for classification.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share is negative or the two exceed 1.</exception>
    public (Dataset Train, Dataset Validation, Dataset Test) Split(double train, double validation, int seed, bool? stratified = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        double both = Math.Min(1, train + validation);
        if (train + validation > 1 + 1e-9)
        {
            throw new ArgumentOutOfRangeException(nameof(validation), $"Split: train + validation = {train + validation} leaves nothing; they must sum to 1 at most.");
        }
        (Dataset kept, Dataset test) = Split(both, seed, stratified);
        (Dataset first, Dataset second) = kept.Split(both == 0 ? 0 : train / both, seed, stratified);
        return (first, second, test);
    }

    /// <summary>Partitions into k folds for cross-validation: pair i tests on fold i and trains on the others. Every sample is tested once.</summary>
    /// <param name="folds">k, at least 2 and at most <see cref="Count"/>. Fold sizes differ by at most one.</param>
    /// <param name="seed">Fixes the partition.</param>
    /// <param name="stratified">Spread each class evenly, within one sample. Default: yes for classification.</param>
    public IReadOnlyList<(Dataset Train, Dataset Test)> KFold(int folds, int seed, bool? stratified = null)
    {
        int[][] parts = Splitting.Folds(Count, folds, StrataOrNull(stratified), DataRandom.Seeded(seed));
        return [.. parts.Select((part, i) => (Subset(parts.Where((_, j) => j != i).SelectMany(p => p).ToArray()), Subset(part)))];
    }

    /// <summary>Name, sizes and task: <c>digits: 1797 samples [1, 8, 8], 10 classes</c>.</summary>
    public override string ToString() =>
        $"{Name}: {Count} samples [{string.Join(", ", InputShape)}], {(Task == LearningTask.Classification ? $"{Classes?.Count} classes" : "regression")}";

    /// <summary>Reads the class numbers of all samples. The default reads every batch; override where that is wasteful.</summary>
    protected virtual int[] ReadLabels()
    {
        var all = new int[Count];
        for (int start = 0; start < Count; start += LabelChunk)
        {
            int[] range = Indices.Range(start, Math.Min(Count, start + LabelChunk));
            long[] chunk = DataTensors.ToLabels(GetBatch(range).Targets);
            for (int i = 0; i < chunk.Length; i++)
            {
                all[start + i] = checked((int)chunk[i]);
            }
        }
        return all;
    }

    internal int[] LabelArray() => Task == LearningTask.Classification
        ? labels ??= ReadLabels()
        : throw new InvalidOperationException($"Dataset \"{Name}\" is a regression; it has no classes.");

    /// <summary>Whether reading samples is no more than copying them from memory: nothing to prepare ahead, and no randomness.</summary>
    internal virtual bool IsInMemory => false;

    /// <summary>The dataset from which a sample comes in the end, and its index there.</summary>
    internal virtual (Dataset Root, int Index) Trace(int index) => (this, index);

    private int[]? StrataOrNull(bool? stratified) => stratified ?? Task == LearningTask.Classification ? LabelArray() : null;
}
