using System.Text;
using System.Text.Json;

namespace Cajal.Cli;

/// <summary>One finished epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean training loss.</param>
/// <param name="WatchedLoss">Loss on the part that is watched.</param>
/// <param name="WatchedScore">Accuracy or R2 on it.</param>
/// <param name="LearningRate">At its end.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record EpochRow(int Epoch, double Loss, double WatchedLoss, double WatchedScore, double LearningRate, double Seconds)
{
    internal static EpochRow Of(EpochResult result) => new(result.Epoch, result.Loss, result.Validation?.Loss ?? double.NaN,
        result.Validation?.Accuracy ?? result.Validation?.R2 ?? double.NaN, result.LearningRate, result.Elapsed.TotalSeconds);
}

/// <summary>The record of a run beside its model: settings, epochs, figures. A resumed run takes its past from here, and whether it may go on at all.</summary>
internal sealed class RunRecord(RunPlan plan, string? fingerprint)
{
    internal List<EpochRow> Epochs { get; } = [];

    internal void Save(string path, IReadOnlyDictionary<string, double>? figures = null)
    {
        string text = JsonLines.Text(json =>
        {
            WriteSettings(json);
            json.WriteStartArray("epochs");
            foreach (var row in Epochs)
            {
                json.WriteStartObject();
                json.WriteNumber("epoch", row.Epoch);
                json.WriteFinite("loss", row.Loss);
                json.WriteFinite("watched_loss", row.WatchedLoss);
                json.WriteFinite("watched_score", row.WatchedScore);
                json.WriteNumber("learning_rate", row.LearningRate);
                json.WriteNumber("seconds", row.Seconds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("figures");
            foreach (var (name, value) in figures ?? new Dictionary<string, double>()) json.WriteFinite(name, value);
            json.WriteEndObject();
        }, indented: true);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));
    }

    /// <summary>Takes over the epochs of the run that left a checkpoint. The record may know more of them than the checkpoint holds.</summary>
    /// <param name="checkpoint">Its path; the record lies beside it.</param>
    /// <param name="terminal">Told if there is no record.</param>
    /// <exception cref="UsageException">It was another run: another data set, network or seed.</exception>
    internal void Continue(string checkpoint, Terminal terminal)
    {
        string path = Path.ChangeExtension(checkpoint, ".json");
        if (!File.Exists(path))
        {
            terminal.Warn($"there is no record {path}; whether data, network and seed are those of the checkpoint cannot be checked.");
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            using var own = JsonDocument.Parse(JsonLines.Text(WriteSettings));
            foreach (var setting in own.RootElement.EnumerateObject())
            {
                string was = document.RootElement.TryGetProperty(setting.Name, out var value) ? value.GetRawText() : "nothing", now = setting.Value.GetRawText();
                if (was != now)
                    throw new UsageException($"{checkpoint} was made with {setting.Name} {was}, but now {setting.Name} is {now}: give the same options, or start anew without --resume.");
            }
            foreach (var row in document.RootElement.GetProperty("epochs").EnumerateArray())
            {
                Epochs.Add(new(row.GetProperty("epoch").GetInt32(), Number(row, "loss"), Number(row, "watched_loss"), Number(row, "watched_score"), Number(row, "learning_rate"),
                    Number(row, "seconds")));
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: the record is damaged ({error.Message}); delete it to go on without.", error);
        }
    }

    /// <summary>What must be the same for a run to go on. The number of epochs may grow.</summary>
    private void WriteSettings(Utf8JsonWriter json)
    {
        json.WriteString("data", plan.Data);
        if (fingerprint is not null) json.WriteString("sha256", fingerprint);
        if (plan.Columns is { } columns)
        {
            json.WriteString("target", columns.Target ?? "the last column");
            json.WriteTexts("ignore", columns.Ignored);
            json.WriteTexts("categories", columns.Categories);
            json.WriteString("task", columns.Task?.ToString() ?? "found out");
        }
        json.WriteString("model", plan.Model);
        if (plan.Model == "mlp") json.WriteNumber("dropout", plan.Dropout);
        json.WriteNumber("seed", plan.Seed);
        json.WriteNumber("batch_size", plan.BatchSize);
        json.WriteNumber("learning_rate", plan.LearningRate);
        json.WriteString("optimizer", plan.Optimizer);
        json.WriteNumber("weight_decay", plan.WeightDecay);
        json.WriteNumber("ridge", plan.Ridge);
        json.WriteNumber("max_norm", plan.MaxNorm ?? 0);
        json.WriteNumber("validation_share", plan.ValidationShare);
    }

    private static double Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
}
