namespace Cajal.Models;

/// <summary>
/// The loss of <see cref="CentreDetector"/> (Law and Deng 2018; Zhou et al. 2019), divided by the number of objects. With p = σ(logit) and heat h, a middle (h = 1) costs -(1 - p)² ln p and any
/// other cell -(1 - h)⁴ p² ln(1 - p); the four numbers of a box cost their absolute errors, at the middles only.
/// </summary>
/// <param name="boxWeight">Factor of the part for boxes.</param>
public sealed class CentreLoss(double boxWeight = 0.5) : Loss
{
    /// <inheritdoc/>
    /// <param name="prediction">[N, K + 4, rows, columns].</param>
    /// <param name="target">[N, K + 5, rows, columns], see <see cref="CentreCode.Encode"/>.</param>
    public override Tensor Forward(Tensor prediction, Tensor target)
    {
        int classes = prediction.Shape.Rank == 4 ? prediction.Shape[1] - CentreCode.BoxNumbers : 0;
        if (classes < 1 || target.Shape != Shape.Create(prediction.Shape[0], classes + CentreCode.BoxNumbers + 1, prediction.Shape[2], prediction.Shape[3]))
            throw new ShapeException($"CentreLoss: prediction [N, K + 4, rows, columns] needs a target [N, K + 5, rows, columns], but they are {prediction.Shape} and {target.Shape}. CentreCode.Encode makes targets.");
        var logits = prediction.Narrow(1, 0, classes);
        var heat = target.Narrow(1, 0, classes);
        var here = target.Narrow(1, classes + CentreCode.BoxNumbers, 1);
        var middle = (heat >= 1).Cast(logits.DType);
        var p = logits.Sigmoid();
        var found = middle * (1 - p).Square() * logits.LogSigmoid();
        var passed = (1 - heat).Square().Square() * p.Square() * (-logits).LogSigmoid();
        var errors = (prediction.Narrow(1, classes, CentreCode.BoxNumbers) - target.Narrow(1, classes, CentreCode.BoxNumbers)).Abs() * here;
        double objects = Math.Max(1, middle.Sum().Item());
        return (errors.Sum() * boxWeight - found.Sum() - passed.Sum()) / objects;
    }
}
