namespace Cajal.Models;

/// <summary>Two random changes of each image, side by side as channels: x [N, C, H, W] → [N, 2 C, H, W], for contrastive learning.</summary>
/// <param name="augment">The random change, of images; each view has random numbers of its own.</param>
public sealed class TwoViews(Transform augment) : Transform
{
    private const int OtherView = 0x5eed;

    /// <inheritdoc/>
    public override Batch Apply(Batch batch, TransformContext context)
    {
        var other = new TransformContext(context.Seed ^ OtherView, context.Epoch, context.Samples);
        // A transform may write into the batch that it is given.
        var first = augment.Apply(batch with { Inputs = batch.Inputs.Clone() }, context);
        return batch with { Inputs = Tensor.Concat([first.Inputs, augment.Apply(batch, other).Inputs], 1) };
    }

    /// <inheritdoc/>
    public override string ToString() => $"TwoViews({augment})";
}
