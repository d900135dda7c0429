namespace Cajal.Experiments;

/// <summary>
/// Changes frames and the places of their key points together: mirrored or not, turned by quarters, then brighter or darker with more or less contrast. What is the animal's left and right changes
/// places in the mirror.
/// </summary>
/// <param name="mirrored">What each key point becomes in a mirror.</param>
internal sealed class PoseTransform(IReadOnlyList<int> mirrored) : Transform
{
    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        float[] images = batch.Inputs.ToArray<float>(), points = batch.Targets.ToArray<float>();
        int side = batch.Inputs.Shape[3], plane = side * side, size = points.Length / batch.Count;
        var (newImages, newPoints) = (new float[images.Length], new float[points.Length]);
        for (int n = 0; n < batch.Count; n++)
        {
            var random = context.RandomFor(n);
            int turns = random.NextInt(4);
            bool mirror = random.NextInt(2) == 1;
            Move(images.AsSpan(n * plane, plane), newImages.AsSpan(n * plane, plane), side, turns, mirror);
            MovePoints(points.AsSpan(n * size, size), newPoints.AsSpan(n * size, size), side, turns, mirror);
            float contrast = 0.7f + 0.6f * (float)random.NextUniform(), brightness = 0.2f * (float)(random.NextUniform() - 0.5);
            foreach (ref float pixel in newImages.AsSpan(n * plane, plane)) pixel = Math.Clamp((pixel - 0.5f) * contrast + 0.5f + brightness, 0, 1);
        }
        return new(Tensor.From(newImages, [.. batch.Inputs.Shape]), Tensor.From(newPoints, [.. batch.Targets.Shape]));
    }

    /// <summary>Mirrors left and right if asked, then turns by quarters, (x, y) → (side - y, x).</summary>
    private static void Move(ReadOnlySpan<float> from, Span<float> to, int side, int turns, bool mirror)
    {
        for (int i = 0; i < from.Length; i++)
        {
            var (x, y) = (mirror ? side - 1 - i % side : i % side, i / side);
            for (int turn = 0; turn < turns; turn++) (x, y) = (side - 1 - y, x);
            to[y * side + x] = from[i];
        }
    }

    private void MovePoints(ReadOnlySpan<float> from, Span<float> to, int side, int turns, bool mirror)
    {
        for (int p = 0; p < from.Length / 2; p++)
        {
            var (x, y) = (mirror ? side - from[2 * p] : from[2 * p], from[2 * p + 1]);
            for (int turn = 0; turn < turns; turn++) (x, y) = (side - y, x);
            int target = mirror ? mirrored[p] : p;
            (to[2 * target], to[2 * target + 1]) = (x, y);
        }
    }
}
