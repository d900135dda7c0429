namespace Cajal;

/// <summary>Where training stands, for progress bars.</summary>
/// <param name="Epoch">The present epoch, from 1.</param>
/// <param name="Epochs">The last epoch planned.</param>
/// <param name="SamplesDone">Samples seen in this epoch.</param>
/// <param name="Samples">Samples per epoch.</param>
/// <param name="Loss">Mean training loss of this epoch so far.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int SamplesDone, int Samples, double Loss)
{
    /// <summary>Training samples per second since <c>Fit</c> began, validation included.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>The time left at that speed until the last epoch is complete.</summary>
    public TimeSpan Remaining { get; init; }

    /// <summary>The learning rate of the step just taken.</summary>
    public double LearningRate { get; init; }
}
