namespace Cajal.Experiments;

/// <summary>
/// Changes frames and the places of their key points together: upside down or not, then brighter or darker with more or less contrast. What is the animal's left and right changes places in the
/// mirror.
/// </summary>
/// <param name="mirrored">What each key point becomes in a mirror.</param>
internal sealed class PoseTransform(IReadOnlyList<int> mirrored) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        float[] images = batch.Inputs.ToArray<float>(), points = batch.Targets.ToArray<float>();
        int side = batch.Inputs.Shape[3], size = points.Length / batch.Count;
        for (int n = 0; n < batch.Count; n++)
        {
            var random = context.RandomFor(n);
            if (random.NextInt(2) == 1) Mirror(images.AsSpan(n * side * side, side * side), points.AsSpan(n * size, size), side);
            float contrast = 0.7f + 0.6f * (float)random.NextUniform(), brightness = 0.2f * (float)(random.NextUniform() - 0.5);
            foreach (ref float pixel in images.AsSpan(n * side * side, side * side)) pixel = Math.Clamp((pixel - 0.5f) * contrast + 0.5f + brightness, 0, 1);
        }
        return new(Tensor.From(images, [.. batch.Inputs.Shape]), Tensor.From(points, [.. batch.Targets.Shape]));
    }

    private void Mirror(Span<float> image, Span<float> points, int side)
    {
        // Reversed as a whole an image is turned by half; with its rows reversed again it is upside down.
        image.Reverse();
        for (int row = 0; row < image.Length; row += side) image.Slice(row, side).Reverse();
        float[] before = points.ToArray();
        for (int p = 0; p < before.Length / 2; p++) (points[2 * mirrored[p]], points[2 * mirrored[p] + 1]) = (before[2 * p], side - before[2 * p + 1]);
    }
}
