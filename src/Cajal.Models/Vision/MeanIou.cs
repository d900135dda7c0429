namespace Cajal.Models;

/// <summary>
/// Mean intersection over union of a segmentation: for every class the pixels that are and were taken for it, divided by those that are or were, over all images together; then the mean over
/// the classes that occur in either (Everingham et al. 2015, Pascal VOC). Predictions are logits [N, K, H, W] or class numbers [N, H, W], targets class numbers [N, H, W].
/// </summary>
/// <param name="ignoreIndex">Pixels with this target do not count.</param>
public sealed class MeanIou(long ignoreIndex = -100) : Metric
{
    private readonly ConfusionMatrix matrix = new(ignoreIndex: ignoreIndex);

    /// <inheritdoc/>
    public override string Name => "mean_iou";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double[] known = [.. PerClass().Where(double.IsFinite)];
            return known.Length == 0 ? double.NaN : known.Average();
        }
    }

    /// <summary>Intersection over union of each class, [K]; NaN for a class that occurs nowhere.</summary>
    public double[] PerClass()
    {
        var result = new double[matrix.Classes];
        for (int k = 0; k < result.Length; k++)
        {
            long union = -matrix[k, k];
            for (int other = 0; other < result.Length; other++) union += matrix[k, other] + matrix[other, k];
            result[k] = union == 0 ? double.NaN : (double)matrix[k, k] / union;
        }
        return result;
    }

    /// <inheritdoc/>
    public override void Reset() => matrix.Reset();

    /// <inheritdoc/>
    public override void Update(Tensor predictions, Tensor targets) => matrix.Update(predictions, targets);
}
