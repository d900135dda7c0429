namespace Cajal;

/// <summary>Some samples of a parent, in a given order.</summary>
internal sealed class SubsetDataset : Dataset
{
    private readonly Dataset parent;
    private readonly int[] indices;

    internal SubsetDataset(Dataset parent, int[] indices) : base(parent.Info)
    {
        Indices.Check(indices, parent.Count);
        // A subset of a subset reads from the grandparent, so that long chains cost nothing.
        if (parent is SubsetDataset inner)
        {
            this.parent = inner.parent;
            this.indices = Array.ConvertAll(indices, i => inner.indices[i]);
        }
        else
        {
            this.parent = parent;
            this.indices = indices;
        }
    }

    public override int Count => indices.Length;

    public override IReadOnlyList<int> InputShape => parent.InputShape;

    internal override bool IsInMemory => parent.IsInMemory;

    internal override (Dataset Root, int Index) Trace(int index) => parent.Trace(indices[index]);

    public override Batch GetBatch(ReadOnlySpan<int> wanted)
    {
        Indices.Check(wanted, indices.Length);
        var mapped = new int[wanted.Length];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = indices[wanted[i]];
        }
        return parent.GetBatch(mapped);
    }

    protected override int[] ReadLabels()
    {
        int[] all = parent.LabelArray();
        return Array.ConvertAll(indices, i => all[i]);
    }
}

/// <summary>A parent whose batches go through a function.</summary>
internal sealed class MappedDataset(Dataset parent, Func<Batch, Batch> function, DatasetInfo? info = null) : Dataset(info ?? parent.Info)
{
    private int[]? inputShape;

    public override int Count => parent.Count;

    public override IReadOnlyList<int> InputShape => inputShape ??= Count == 0 ? [.. parent.InputShape] : DataTensors.Extents(GetBatch([0]).Inputs)[1..];

    internal override (Dataset Root, int Index) Trace(int index) => parent.Trace(index);

    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Batch batch = function(parent.GetBatch(indices));
        return batch.Count == indices.Length
            ? batch
            : throw new InvalidOperationException($"Dataset.Map: the function turned {indices.Length} samples into {batch.Count}; a map must keep their number.");
    }
}

/// <summary>The samples of one dataset followed by those of another.</summary>
internal sealed class ConcatDataset : Dataset
{
    private readonly Dataset first;
    private readonly Dataset second;

    internal ConcatDataset(Dataset first, Dataset second) : base(first.Info)
    {
        if (first.Task != second.Task || !first.InputShape.SequenceEqual(second.InputShape))
        {
            throw new ArgumentException($"Dataset.Concat: the datasets must have the same task and input shape; left is {first}, right is {second}.", nameof(second));
        }
        (this.first, this.second) = (first, second);
    }

    public override int Count => first.Count + second.Count;

    public override IReadOnlyList<int> InputShape => first.InputShape;

    internal override bool IsInMemory => first.IsInMemory && second.IsInMemory;

    internal override (Dataset Root, int Index) Trace(int index) => index < first.Count ? first.Trace(index) : second.Trace(index - first.Count);

    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Indices.Check(indices, Count);
        int[] left = [.. Select(indices, i => i < first.Count, 0)];
        if (left.Length == indices.Length)
        {
            return first.GetBatch(indices);
        }
        int[] right = [.. Select(indices, i => i >= first.Count, first.Count)];
        if (left.Length == 0)
        {
            return second.GetBatch(right);
        }
        // Both parts are read once; rows are then put into the order that was asked for.
        var order = new int[indices.Length];
        for (int i = 0, l = 0, r = left.Length; i < order.Length; i++)
        {
            order[i] = indices[i] < first.Count ? l++ : r++;
        }
        Batch a = first.GetBatch(left), b = second.GetBatch(right);
        return new Batch(DataTensors.ConcatRows(a.Inputs, b.Inputs, order), DataTensors.ConcatRows(a.Targets, b.Targets, order));
    }

    protected override int[] ReadLabels() => [.. first.LabelArray(), .. second.LabelArray()];

    private static List<int> Select(ReadOnlySpan<int> indices, Func<int, bool> keep, int offset)
    {
        var chosen = new List<int>(indices.Length);
        foreach (int i in indices)
        {
            if (keep(i))
            {
                chosen.Add(i - offset);
            }
        }
        return chosen;
    }
}
