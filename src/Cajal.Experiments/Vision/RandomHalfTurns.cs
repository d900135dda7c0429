namespace Cajal.Experiments;

/// <summary>Mirrors images [N, C, H, W] and their classes [N, H, W] at random, upside down and left to right, both together.</summary>
internal sealed class RandomHalfTurns : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        float[] images = batch.Inputs.ToArray<float>();
        long[] classes = batch.Targets.ToArray<long>();
        int width = batch.Inputs.Shape[3], height = batch.Inputs.Shape[2], plane = height * width, size = images.Length / batch.Count;
        for (int n = 0; n < batch.Count; n++)
        {
            var random = context.RandomFor(n);
            bool upsideDown = random.NextInt(2) == 1, leftToRight = random.NextInt(2) == 1;
            for (int at = n * size; at < (n + 1) * size; at += plane) Mirror(images.AsSpan(at, plane), width, upsideDown, leftToRight);
            Mirror(classes.AsSpan(n * plane, plane), width, upsideDown, leftToRight);
        }
        return new(Tensor.From(images, [.. batch.Inputs.Shape]), Tensor.From(classes, [.. batch.Targets.Shape]));
    }

    private static void Mirror<T>(Span<T> plane, int width, bool upsideDown, bool leftToRight)
    {
        // Reversing all turns by half; reversing the rows as well leaves them upside down only.
        if (upsideDown) plane.Reverse();
        if (upsideDown == leftToRight) return;
        for (int row = 0; row < plane.Length; row += width) plane.Slice(row, width).Reverse();
    }
}
