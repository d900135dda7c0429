namespace Cajal.Cli;

/// <summary>What writes down how a training goes, besides the report on the terminal.</summary>
internal static class Loggers
{
    /// <summary>The logs that were asked for.</summary>
    /// <exception cref="UsageException">The ending of --history says no format.</exception>
    internal static List<Callback> Of(TrainSettings settings)
    {
        var loggers = new List<Callback>();
        if (settings.TensorBoard is { } folder) loggers.Add(new TensorBoardLogger(folder));
        if (settings.History is { } history)
        {
            loggers.Add(Path.GetExtension(history).ToLowerInvariant() switch
            {
                ".csv" => new CsvLogger(history),
                ".ndjson" or ".jsonl" => new NdjsonLogger(history),
                var ending => throw new UsageException($"--history: the ending says the format, .csv or .ndjson, but is \"{ending}\"."),
            });
        }
        if (settings.Trace is { } trace) loggers.Add(new TraceSteps(trace));
        return loggers;
    }
}
