namespace Cajal;

/// <summary>Samples held in two tensors.</summary>
public sealed class TensorDataset : Dataset
{
    private readonly Tensor inputs;
    private readonly Tensor targets;
    private readonly int[] inputShape;

    /// <summary>Wraps inputs and targets with metadata.</summary>
    /// <param name="inputs">[N, ...]. Not copied; do not write to it afterwards.</param>
    /// <param name="targets">Classification: whole numbers [N] from 0, or one-hot [N, K]. Regression: [N] or [N, M].</param>
    /// <param name="info">Name, task, classes and the rest.</param>
    /// <exception cref="ShapeException">Inputs and targets differ in N, or one has no axis.</exception>
    public TensorDataset(Tensor inputs, Tensor targets, DatasetInfo info) : base(info)
    {
        if (inputs.Shape.Rank == 0 || targets.Shape.Rank == 0 || inputs.Shape[0] != targets.Shape[0])
        {
            throw new ShapeException($"TensorDataset: inputs [N, ...] and targets [N, ...] must have the same N; inputs {inputs.Shape}, targets {targets.Shape}.");
        }
        this.inputs = inputs.Contiguous();
        this.targets = targets.Contiguous();
        inputShape = DataTensors.Extents(inputs)[1..];
        CheckLabels();
    }

    /// <summary>Wraps inputs and targets; integer targets of rank 1 mean classification with classes 0 ... max, anything else regression.</summary>
    /// <param name="inputs">[N, ...].</param>
    /// <param name="targets">[N] or [N, M].</param>
    /// <exception cref="ShapeException">Inputs and targets differ in N.</exception>
    public TensorDataset(Tensor inputs, Tensor targets) : this(inputs, targets, Guess(targets))
    {
    }

    /// <inheritdoc/>
    public override int Count => inputs.Shape[0];

    /// <inheritdoc/>
    public override IReadOnlyList<int> InputShape => inputShape;

    internal override bool IsInMemory => true;

    /// <inheritdoc/>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Indices.Check(indices, Count);
        return new Batch(DataTensors.GatherRows(inputs, indices), DataTensors.GatherRows(targets, indices));
    }

    /// <inheritdoc/>
    protected override int[] ReadLabels() => Array.ConvertAll(DataTensors.ToLabels(targets), label => checked((int)label));

    private static DatasetInfo Guess(Tensor targets)
    {
        if (targets.Shape.Rank != 1 || targets.DType is not (DType.Int64 or DType.Int32))
        {
            return new DatasetInfo("tensors", LearningTask.Regression);
        }
        int classes = targets.Count == 0 ? 0 : checked((int)targets.ToArray<long>().Max()) + 1;
        return new DatasetInfo("tensors", LearningTask.Classification) { Classes = [.. Enumerable.Range(0, Math.Max(0, classes)).Select(k => $"{k}")] };
    }

    private void CheckLabels()
    {
        if (Task != LearningTask.Classification || targets.Shape.Rank != 1)
        {
            return;
        }
        long[] labels = targets.ToArray<long>();
        int classes = Classes?.Count ?? int.MaxValue;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= classes)
            {
                throw new ArgumentException($"TensorDataset: the label of sample {i} is {labels[i]}; with {classes} classes labels run from 0 to {classes - 1}.", "targets");
            }
        }
    }
}
