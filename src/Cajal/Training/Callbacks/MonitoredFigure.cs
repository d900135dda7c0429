namespace Cajal;

/// <summary>Follows one figure of the history and knows when it is better.</summary>
internal sealed class MonitoredFigure(string owner, string figure, MonitorMode mode, double minDelta = 0)
{
    private const string ValidationPrefix = "val_";

    /// <summary>Whether more is better; settled by <see cref="Begin"/>.</summary>
    internal bool Up { get; private set; } = mode == MonitorMode.Max;

    internal string Figure => figure;

    /// <summary>Checks that the figure will be there, and settles which way it should go.</summary>
    internal void Begin(TrainingContext context, bool onlyValidation = false)
    {
        bool ofValidation = figure.StartsWith(ValidationPrefix, StringComparison.Ordinal);
        if (onlyValidation && !ofValidation)
            throw new ArgumentException($"{owner}: \"{figure}\" is a figure of the training data; choose one of the validation data, such as \"val_{figure}\".");
        if (ofValidation && !context.HasValidation)
            throw new ArgumentException($"{owner}: \"{figure}\" needs validation data; give Fit a validation set or a validationSplit.");
        if (mode == MonitorMode.Auto) Up = GoesUp(ofValidation ? figure[ValidationPrefix.Length..] : figure, context.Trainer.Metrics);
    }

    /// <summary>The figure of an epoch.</summary>
    internal double Of(EpochResult result) => result[figure];

    /// <summary>Whether <paramref name="value"/> beats <paramref name="best"/> (NaN: none yet) by more than the least change that counts.</summary>
    internal bool IsBetter(double value, double best)
    {
        if (double.IsNaN(value)) return false;
        if (double.IsNaN(best)) return true;
        return Up ? value > best + minDelta : value < best - minDelta;
    }

    private static bool GoesUp(string name, IReadOnlyList<Metric> metrics)
    {
        if (metrics.FirstOrDefault(metric => metric.Name == name) is { } known) return known.HigherIsBetter;
        return name is not ("loss" or "rmse");
    }
}
