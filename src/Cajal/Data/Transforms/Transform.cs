namespace Cajal;

/// <summary>What a transform may know about the batch it is given.</summary>
/// <param name="seed">The loader's seed.</param>
/// <param name="epoch">The epoch, from 0.</param>
/// <param name="samples">Index of each row in the dataset, [N].</param>
public readonly ref struct TransformContext(int seed, int epoch, ReadOnlySpan<int> samples)
{
    /// <summary>The loader's seed.</summary>
    public int Seed => seed;

    /// <summary>The epoch, from 0.</summary>
    public int Epoch => epoch;

    /// <summary>Index of each row in the dataset, [N].</summary>
    public ReadOnlySpan<int> Samples { get; } = samples;

    /// <summary>The generator of one row: a pure function of (seed, epoch, sample index), whatever batch or thread the row is in.</summary>
    /// <param name="row">From 0 to N - 1.</param>
    public Generator RandomFor(int row) => DataRandom.ForSample(seed, epoch, Samples[row]);
}

/// <summary>Changes a batch before the network sees it.</summary>
public abstract class Transform
{
    /// <summary>Returns the changed batch; the batch given may be reused for it.</summary>
    /// <param name="batch">A batch that belongs to the transform.</param>
    /// <param name="context">Seed, epoch and sample indices.</param>
    public abstract Batch Apply(Batch batch, TransformContext context);
}

/// <summary>Applies transforms one after the other.</summary>
/// <remarks>A run of image transforms shares one generator per sample, so each sees numbers of its own.</remarks>
public sealed class Compose(params Transform[] transforms) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        for (int i = 0; i < transforms.Length;)
        {
            int images = transforms.Skip(i).TakeWhile(t => t is ImageTransform).Count();
            batch = images > 0
                ? ImageTransform.ApplyAll(transforms.AsSpan(i, images), batch, context)
                : transforms[i].Apply(batch, context);
            i += Math.Max(1, images);
        }
        return batch;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Compose({string.Join(", ", transforms.Select(t => t.ToString()))})";
}

/// <summary>Replaces class numbers [N] by rows [N, K] that are 1 at the class and 0 elsewhere.</summary>
/// <param name="classes">K.</param>
public sealed class OneHot(int classes) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context) => Apply(batch);

    /// <summary>Wraps a dataset so that its targets are one-hot.</summary>
    public Dataset Apply(Dataset dataset) => dataset.Map(Apply);

    /// <inheritdoc/>
    public override string ToString() => $"OneHot({classes})";

    private Batch Apply(Batch batch)
    {
        long[] labels = batch.Targets.ToArray<long>();
        var rows = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((ulong)labels[i] >= (ulong)classes)
            {
                throw new ArgumentException($"OneHot: class {labels[i]} does not exist; with {classes} classes they run from 0 to {classes - 1}.");
            }
            rows[i * classes + labels[i]] = 1;
        }
        return batch with { Targets = Tensor.From(rows, labels.Length, classes) };
    }
}
