namespace Cajal.Cli;

/// <summary>A run as NDJSON.</summary>
internal sealed class JsonReport(Terminal terminal) : TrainingReport
{
    private const int Schema = 1;
    private RunStart run = null!;

    internal override void Start(RunStart run, bool dry)
    {
        this.run = run;
        JsonLines.Write(terminal, "start", json =>
        {
            json.WriteNumber("schema", Schema);
            json.WriteString("data", run.Plan.Data);
            json.WriteString("model", run.Plan.Model);
            json.WriteNumber("seed", run.Plan.Seed);
            json.WriteNumber("epochs", run.Plan.Epochs);
            json.WriteNumber("batch_size", run.Plan.BatchSize);
            json.WriteNumber("learning_rate", run.Plan.LearningRate);
            json.WriteString("optimizer", run.Plan.Optimizer);
            json.WriteNumber("parameters", run.Net.ParameterCount);
            json.WriteNumber("train_samples", run.Learn.Count);
            json.WriteNumber("test_samples", run.Test.Count);
            json.WriteNumber("threads", run.Threads);
        });
    }

    public override void Report(TrainingProgress value)
    {
    }

    internal override void Epoch(EpochRow row) => JsonLines.Write(terminal, "epoch", json =>
    {
        string watched = run.Watched.Replace('-', '_');
        json.WriteNumber("epoch", row.Epoch);
        json.WriteFinite("loss", row.Loss);
        json.WriteFinite($"{watched}_loss", row.WatchedLoss);
        json.WriteFinite($"{watched}_{(run.Task == LearningTask.Classification ? "accuracy" : "r2")}", row.WatchedScore);
        json.WriteNumber("learning_rate", row.LearningRate);
        json.WriteNumber("seconds", row.Seconds);
    });

    internal override void Stopping()
    {
    }

    internal override void Interrupted(int completed, string checkpoint, string resume) => JsonLines.Write(terminal, "end", json =>
    {
        json.WriteBoolean("interrupted", true);
        json.WriteNumber("epochs", completed);
        json.WriteString("checkpoint", checkpoint);
        json.WriteString("resume", resume);
    });

    internal override void End(RunEnd end) => JsonLines.Write(terminal, "end", json =>
    {
        foreach (var (name, value) in end.Figures) json.WriteFinite(name, value);
        json.WriteNumber("epochs", end.Epochs);
        if (end.BestEpoch is { } best) json.WriteNumber("best_epoch", best);
        json.WriteStartArray("requirements");
        foreach (var requirement in end.Requirements)
        {
            json.WriteStartObject();
            json.WriteString("metric", requirement.Metric);
            json.WriteNumber("required", requirement.Value);
            json.WriteBoolean("met", requirement.IsMet(end.Figures));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("model", end.Paths.Model);
        json.WriteString("checkpoint", end.Paths.Checkpoint);
        json.WriteString("record", end.Paths.Record);
        json.WriteString("png", end.Paths.Png);
        json.WriteString("svg", end.Paths.Svg);
    });
}
