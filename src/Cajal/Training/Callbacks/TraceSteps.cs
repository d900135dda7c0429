using System.Diagnostics;

namespace Cajal;

/// <summary>
/// Profiles a few steps of training and writes them as a trace for Chrome's viewer: where the time of a step goes, by part (data, forward, backward, optimizer), layer and operation. The first steps
/// are left out, because methods are still being compiled in them.
/// </summary>
/// <param name="path">The file; missing folders are made, an existing file is replaced.</param>
/// <param name="skip">Steps to let pass.</param>
/// <param name="steps">Steps to take down.</param>
public sealed class TraceSteps(string path, int skip = 10, int steps = 5) : Callback
{
    private readonly int skip = skip >= 0 ? skip : throw new ArgumentOutOfRangeException(nameof(skip));
    private readonly int steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps));
    private long seen, stepBegan, stepEnded;

    /// <summary>The profile, once the steps have been taken; null before.</summary>
    public Profiler? Profile { get; private set; }

    private bool IsRunning { get; set; }

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        // A fit that ended with an exception has left its profile running.
        Profile?.Stop();
        (seen, Profile, IsRunning) = (0, null, false);
    }

    /// <inheritdoc/>
    public override void BeforeStep(TrainingContext context)
    {
        if (!IsRunning && (Profile is not null || seen++ < skip)) return;
        if (!IsRunning)
        {
            Profile = Profiler.Start(context.Net);
            IsRunning = true;
            (seen, stepEnded) = (0, Stopwatch.GetTimestamp());
        }
        else seen++;
        stepBegan = Stopwatch.GetTimestamp();
        if (seen > 0) Profile!.Recorder.Phase("data", stepEnded, stepBegan);
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingContext context)
    {
        if (!IsRunning) return;
        long now = Stopwatch.GetTimestamp();
        var (began, ended) = Profile!.Recorder.LastBackward;
        if (began < stepBegan) return;
        Profile.Recorder.Phase("forward", stepBegan, began);
        Profile.Recorder.Phase("optimizer", ended, now);
    }

    /// <inheritdoc/>
    public override void AfterBatch(TrainingContext context)
    {
        if (!IsRunning || !context.Stepped) return;
        stepEnded = Stopwatch.GetTimestamp();
        Profile!.Recorder.Phase("step", stepBegan, stepEnded);
        if (seen + 1 >= steps) Finish();
    }

    /// <inheritdoc/>
    public override void AfterFit(TrainingContext context)
    {
        if (IsRunning) Finish();
    }

    private void Finish()
    {
        IsRunning = false;
        Profile!.Stop();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        Profile.SaveTrace(path);
    }
}
