namespace Cajal;

/// <summary>Images kept as bytes and turned into Float32 when a batch is read: a quarter of the memory, and as quick.</summary>
internal sealed class ByteImageDataset : Dataset
{
    private readonly byte[] pixels;
    private readonly int[] labels;
    private readonly int[] inputShape;
    private readonly float[] lookup = new float[256];

    /// <param name="pixels">[N, C, H, W], row-major.</param>
    /// <param name="shape">C, H, W.</param>
    /// <param name="labels">[N].</param>
    /// <param name="white">The byte that becomes 1.</param>
    /// <param name="info">Metadata.</param>
    internal ByteImageDataset(byte[] pixels, int[] shape, int[] labels, int white, DatasetInfo info) : base(info)
    {
        (this.pixels, this.labels, inputShape) = (pixels, labels, shape);
        for (int value = 0; value < lookup.Length; value++)
        {
            lookup[value] = (float)value / white;
        }
    }

    public override int Count => labels.Length;

    public override IReadOnlyList<int> InputShape => inputShape;

    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Indices.Check(indices, Count);
        int size = inputShape[0] * inputShape[1] * inputShape[2];
        Tensor inputs = Tensor.Uninitialised([indices.Length, .. inputShape], DType.Float32);
        Span<float> to = inputs.Span<float>();
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<byte> from = pixels.AsSpan(indices[i] * size, size);
            Span<float> row = to.Slice(i * size, size);
            for (int p = 0; p < row.Length; p++)
            {
                row[p] = lookup[from[p]];
            }
        }
        return new Batch(inputs, DataTensors.Labels(labels, indices));
    }

    protected override int[] ReadLabels() => labels;
}
