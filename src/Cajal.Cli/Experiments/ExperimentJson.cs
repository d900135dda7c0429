using Cajal.Experiments;

namespace Cajal.Cli;

/// <summary>An experiment as NDJSON.</summary>
internal sealed class ExperimentJson(Terminal terminal) : ExperimentReport
{
    private const int Schema = 1;

    public override void Begin(Experiment experiment, Trial trial) => JsonLines.Write(terminal, "start", json =>
    {
        json.WriteNumber("schema", Schema);
        json.WriteString("experiment", experiment.Name);
        json.WriteNumber("seed", trial.Seed);
        json.WriteBoolean("quick", trial.Quick);
        json.WriteNumber("threads", Compute.Threads);
    });

    public override void Note(string text) => JsonLines.Write(terminal, "note", json => json.WriteString("text", text));

    public override void Step(string stage, int step, int steps, IReadOnlyList<(string Name, double Value)> figures) => JsonLines.Write(terminal, "epoch", json =>
    {
        json.WriteString("stage", stage);
        json.WriteNumber("epoch", step);
        json.WriteNumber("epochs", steps);
        foreach (var (name, value) in figures) json.WriteFinite(name, value);
    });

    public override void Progress(string stage, double share)
    {
    }

    public override void Figure(string name, double value) => JsonLines.Write(terminal, "figure", json =>
    {
        json.WriteString("name", name);
        json.WriteFinite("value", value);
    });

    public override void Wrote(string path)
    {
    }

    internal override void Stopping()
    {
    }

    internal override void Interrupted(string folder) => JsonLines.Write(terminal, "end", json =>
    {
        json.WriteBoolean("interrupted", true);
        json.WriteString("folder", folder);
    });

    internal override void End(ExperimentResult result) => JsonLines.Write(terminal, "end", json =>
    {
        json.WriteString("experiment", result.Experiment.Name);
        json.WriteBoolean("met", result.IsMet);
        string[] names = [.. result.Seeds.SelectMany(seed => seed.Figures.Keys).Distinct()];
        foreach (string name in names) json.WriteFinite(name, result.Seeds.Average(seed => seed.Figures.GetValueOrDefault(name, double.NaN)));
        json.WriteStartArray("goals");
        foreach (var goal in result.Goals)
        {
            json.WriteStartObject();
            json.WriteString("name", goal.Goal.Name);
            json.WriteString("expected", goal.Goal.Expected(result.Quick));
            json.WriteFinite("mean", goal.Mean);
            json.WriteFinite("least", goal.Least);
            json.WriteFinite("most", goal.Most);
            json.WriteBoolean("met", goal.IsMet);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("seconds_per_seed", Math.Round(result.TimePerSeed.TotalSeconds, 2));
        json.WriteNumber("peak_memory_bytes", result.PeakMemory);
        json.WriteString("record", result.Record);
        json.WriteTexts("files", result.Seeds.SelectMany(seed => seed.Files));
    });
}
