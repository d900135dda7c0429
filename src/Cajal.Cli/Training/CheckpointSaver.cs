using System.Diagnostics;

namespace Cajal.Cli;

/// <summary>
/// Saves checkpoint and record as often as a tenth of the time allows, so that a run that is killed loses little and a short epoch does not wait for the disk.
/// </summary>
internal sealed class CheckpointSaver(Trainer trainer, RunPaths paths, RunRecord record)
{
    private const double Share = 0.1;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long last;
    private TimeSpan pause;
    private bool warm;

    internal void SaveIfDue()
    {
        if (last == 0 || Stopwatch.GetElapsedTime(last) > pause) Save();
    }

    internal void Save()
    {
        long start = Stopwatch.GetTimestamp();
        // The record first: should the process die in between, it knows more than the checkpoint, and what it knows too much is passed over.
        record.Save(paths.Record);
        trainer.SaveCheckpoint(paths.Checkpoint);
        // The first time is mostly spent compiling and says nothing about the next.
        var wanted = warm ? Stopwatch.GetElapsedTime(start) / Share : TimeSpan.Zero;
        (last, pause, warm) = (Stopwatch.GetTimestamp(), wanted < LongestPause ? wanted : LongestPause, true);
    }
}
