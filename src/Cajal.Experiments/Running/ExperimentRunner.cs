using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Cajal.Experiments;

/// <summary>Runs an experiment with one seed or several and compares the means with its goals.</summary>
/// <param name="listener">Is told what happens.</param>
public sealed class ExperimentRunner(ITrialListener listener)
{
    private const int Schema = 1;

    /// <summary>Data and pictures go into <paramref name="folder"/>; with several seeds each has a folder <c>seed-S</c> in it. The record is <c>result.json</c>, kept up to date after every seed.</summary>
    /// <param name="experiment">What to run.</param>
    /// <param name="folder">Where files are written.</param>
    /// <param name="seed">The first seed.</param>
    /// <param name="seeds">How many: <paramref name="seed"/>, <paramref name="seed"/> + 1, ...</param>
    /// <param name="quick">Seconds instead of minutes.</param>
    /// <param name="dataFolder">Where the files of MNIST and Fashion-MNIST are; null: where the user keeps them.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    /// <exception cref="OperationCanceledException">It was interrupted. What finished seeds gave is in the record.</exception>
    public ExperimentResult Run(Experiment experiment, string folder, int seed = 1, int seeds = 1, bool quick = false, string? dataFolder = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        folder = Path.GetFullPath(folder);
        var done = new List<SeedResult>();
        for (int s = seed; s < seed + seeds; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            var trial = new Trial(s, quick, seeds == 1 ? folder : Path.Combine(folder, $"seed-{s}"), listener, dataFolder, cancellation);
            long start = Stopwatch.GetTimestamp();
            using (new Generator((ulong)s).Use())
            {
                listener.Begin(experiment, trial);
                experiment.Run(trial);
            }
            done.Add(new(s, trial.Figures, Stopwatch.GetElapsedTime(start), trial.Files));
            Save(Result());
        }
        return Result();

        ExperimentResult Result() =>
            new(experiment, quick, done, [.. experiment.Goals.Select(goal => GoalResult.Of(goal, done, quick))], PeakMemory(), Path.Combine(folder, "result.json"));
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Max(process.PeakWorkingSet64, Environment.WorkingSet);
    }

    private static void Save(ExperimentResult result) => AtomicFile.Write(result.Record, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteString("experiment", result.Experiment.Name);
        json.WriteBoolean("quick", result.Quick);
        json.WriteBoolean("met", result.IsMet);
        json.WriteNumber("seconds_per_seed", Math.Round(result.TimePerSeed.TotalSeconds, 1));
        json.WriteNumber("peak_memory_bytes", result.PeakMemory);
        json.WriteStartArray("goals");
        foreach (var goal in result.Goals)
        {
            json.WriteStartObject();
            json.WriteString("name", goal.Goal.Name);
            json.WriteString("meaning", goal.Goal.Meaning);
            json.WriteString("expected", goal.Goal.Expected(result.Quick));
            json.WriteString("measured", goal.Goal.Text(goal.Mean));
            Number(json, "mean", goal.Mean);
            Number(json, "least", goal.Least);
            Number(json, "most", goal.Most);
            json.WriteBoolean("met", goal.IsMet);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("seeds");
        foreach (var seed in result.Seeds)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed.Seed);
            json.WriteNumber("seconds", Math.Round(seed.Elapsed.TotalSeconds, 1));
            json.WriteStartObject("figures");
            foreach (var (name, value) in seed.Figures) Number(json, name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        stream.Write(Encoding.UTF8.GetBytes("\n"));
    });

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
