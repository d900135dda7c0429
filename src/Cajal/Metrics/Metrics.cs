namespace Cajal;

/// <summary>
/// Figures of merit of one pair of tensors. For data that come in batches there is a <see cref="Metric"/> of each kind, which also says what shapes fit.
/// </summary>
public static class Metrics
{
    /// <inheritdoc cref="Cajal.Accuracy"/>
    public static double Accuracy(Tensor predictions, Tensor targets, double threshold = 0) => new Accuracy(threshold).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.TopKAccuracy"/>
    public static double TopKAccuracy(Tensor predictions, Tensor targets, int k = 5) => new TopKAccuracy(k).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.ConfusionMatrix"/>
    public static ConfusionMatrix Confusion(Tensor predictions, Tensor targets, double threshold = 0)
    {
        var matrix = new ConfusionMatrix(threshold);
        matrix.Update(predictions, targets);
        return matrix;
    }

    /// <inheritdoc cref="Cajal.Precision"/>
    public static double Precision(Tensor predictions, Tensor targets, Averaging averaging = Averaging.Macro, double threshold = 0) =>
        new Precision(averaging, threshold).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.Recall"/>
    public static double Recall(Tensor predictions, Tensor targets, Averaging averaging = Averaging.Macro, double threshold = 0) =>
        new Recall(averaging, threshold).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.F1Score"/>
    public static double F1(Tensor predictions, Tensor targets, Averaging averaging = Averaging.Macro, double threshold = 0) =>
        new F1Score(averaging, threshold).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.RocAuc"/>
    public static double RocAuc(Tensor predictions, Tensor targets, Averaging averaging = Averaging.Macro, bool logits = true) =>
        new RocAuc(averaging, logits).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.AveragePrecision"/>
    public static double AveragePrecision(Tensor predictions, Tensor targets, Averaging averaging = Averaging.Macro, bool logits = true) =>
        new AveragePrecision(averaging, logits).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.LogLoss"/>
    public static double LogLoss(Tensor predictions, Tensor targets, bool logits = true) => new LogLoss(logits).Of(predictions, targets);

    /// <inheritdoc cref="Cajal.MeanAbsoluteError"/>
    public static double MeanAbsoluteError(Tensor predictions, Tensor targets) => new MeanAbsoluteError().Of(predictions, targets);

    /// <inheritdoc cref="Cajal.RootMeanSquaredError"/>
    public static double RootMeanSquaredError(Tensor predictions, Tensor targets) => new RootMeanSquaredError().Of(predictions, targets);

    /// <inheritdoc cref="Cajal.R2Score"/>
    public static double R2(Tensor predictions, Tensor targets) => new R2Score().Of(predictions, targets);

    /// <inheritdoc cref="Cajal.ExplainedVariance"/>
    public static double ExplainedVariance(Tensor predictions, Tensor targets) => new ExplainedVariance().Of(predictions, targets);
}
