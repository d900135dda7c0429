namespace Cajal.Models;

/// <summary>
/// Cross-entropy between where a point is said to be, softmax over all pixels of its map, and where it is, a small Gaussian around it: -Σ h ln softmax(z), averaged over points and samples.
/// Prediction z [N, P, H, W] logits, target [N, P, 2] positions in pixels.
/// </summary>
/// <remarks>DeepLabCut asks of every pixel whether the point is near. Where each point occurs exactly once, asking which pixel it is needs no balance between the few near pixels and the many others.</remarks>
/// <param name="deviation">Width of the Gaussian, in pixels.</param>
public sealed class KeypointLoss(double deviation = 1.5) : Loss
{
    /// <inheritdoc/>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        if (prediction.Shape.Rank != 4 || target.Shape != Shape.Create(prediction.Shape[0], prediction.Shape[1], 2))
            throw new ShapeException($"KeypointLoss: prediction [N, P, H, W] needs targets [N, P, 2], but they are {prediction.Shape} and {target.Shape}.");
        var heat = Heatmaps.Of(target.Cast(prediction.DType), prediction.Shape[2], prediction.Shape[3], deviation);
        return -(heat.Flatten(2) * prediction.Flatten(2).LogSoftmax()).Sum(2).Mean();
    }
}
