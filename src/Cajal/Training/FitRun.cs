using System.Diagnostics;

namespace Cajal;

/// <summary>What one call of Fit is working with.</summary>
internal sealed class FitRun(TrainingContext context, KeyValuePair<string, Parameter>[] parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
{
    private readonly long began = Stopwatch.GetTimestamp();
    private long epochBegan;
    private TimeSpan before;
    private long samples;
    private int counted;

    internal TrainingContext Context => context;

    internal KeyValuePair<string, Parameter>[] Parameters => parameters;

    internal CancellationToken Cancellation => cancellation;

    /// <summary>Until the first batch of this fit has begun.</summary>
    internal bool IsFresh { get; set; } = true;

    /// <summary>Time spent on this epoch, that before an interruption included.</summary>
    internal TimeSpan EpochElapsed => before + Stopwatch.GetElapsedTime(epochBegan);

    internal void BeginEpoch(TrainingPosition position)
    {
        (before, epochBegan, counted) = (position.Elapsed, Stopwatch.GetTimestamp(), position.Samples);
    }

    internal void Report(TrainingPosition position, double learningRate)
    {
        if (progress is null) return;
        samples += position.Samples - counted;
        counted = position.Samples;
        double speed = samples / Stopwatch.GetElapsedTime(began).TotalSeconds;
        double left = ((double)(context.Epochs - position.Epochs) * position.EpochSamples - position.Samples) / speed;
        progress.Report(new(position.Epochs + 1, context.Epochs, position.Samples, position.EpochSamples, context.Loss)
        {
            SamplesPerSecond = speed,
            Remaining = TimeSpan.FromSeconds(Math.Min(left, TimeSpan.MaxValue.TotalSeconds / 2)),
            LearningRate = learningRate,
        });
    }
}
