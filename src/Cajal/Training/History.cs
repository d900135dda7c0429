namespace Cajal;

/// <summary>One epoch in numbers.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean training loss per sample.</param>
/// <param name="Validation">How it did on the validation data, if there were any.</param>
/// <param name="LearningRate">The learning rate of its steps.</param>
/// <param name="Elapsed">How long it took, validation included.</param>
public sealed record EpochResult(int Epoch, double Loss, Evaluation? Validation, double LearningRate, TimeSpan Elapsed);

/// <summary>Where training stands, for progress bars.</summary>
/// <param name="Epoch">The present epoch, from 1.</param>
/// <param name="Epochs">The last epoch planned.</param>
/// <param name="SamplesDone">Samples seen in this epoch.</param>
/// <param name="Samples">Samples per epoch.</param>
/// <param name="Loss">Mean training loss of this epoch so far.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int SamplesDone, int Samples, double Loss);

/// <summary>What <see cref="Trainer.Fit"/> did.</summary>
/// <param name="Epochs">One entry per epoch.</param>
/// <param name="Interrupted">Whether it was cancelled; the epoch under way is then not counted.</param>
public sealed record History(IReadOnlyList<EpochResult> Epochs, bool Interrupted)
{
    /// <summary>The last epoch.</summary>
    public EpochResult? Last => Epochs.Count > 0 ? Epochs[^1] : null;
}

/// <summary>Training left the realm of finite numbers.</summary>
/// <param name="message">Where, and what may help.</param>
public sealed class DivergenceException(string message) : Exception(message);
