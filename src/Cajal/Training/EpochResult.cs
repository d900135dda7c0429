namespace Cajal;

/// <summary>One epoch in numbers.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean training loss per sample.</param>
/// <param name="Validation">How it did on the validation data, if there were any; without the predictions and the confusion matrix, which <see cref="Trainer.Evaluate"/> gives.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="Elapsed">How long it took, validation included.</param>
public sealed record EpochResult(int Epoch, double Loss, Evaluation? Validation, double LearningRate, TimeSpan Elapsed)
{
    /// <summary>The trainer's metrics on the training data by name, taken while the network learned.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = Evaluation.NoMetrics;

    /// <summary>All figures by name: <c>loss</c> and the metrics of training, then those of validation with <c>val_</c> before their names.</summary>
    public IEnumerable<KeyValuePair<string, double>> Figures
    {
        get
        {
            yield return new("loss", Loss);
            foreach (var metric in Metrics) yield return metric;
            if (Validation is null) yield break;
            foreach (var (name, value) in Validation.Figures) yield return new("val_" + name, value);
        }
    }

    /// <summary>One of <see cref="Figures"/>.</summary>
    /// <exception cref="ArgumentException">There is no such figure; the message lists those there are.</exception>
    public double this[string name]
    {
        get
        {
            foreach (var (key, value) in Figures)
            {
                if (key == name) return value;
            }
            throw History.NoFigure(name, Figures.Select(figure => figure.Key), nameof(name));
        }
    }
}
