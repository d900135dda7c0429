using System.Text;
using System.Text.Json;

namespace Cajal;

/// <summary>The part of a checkpoint that is not tensors, as JSON.</summary>
internal sealed record CheckpointState(TrainingPosition Position, string Optimizer, GeneratorState? Generator, string? StopReason, string[] Callbacks, string[] Metrics, IReadOnlyList<EpochResult> History)
{
    private const int Version = 1;

    internal string Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("optimizer", Optimizer);
            json.WriteStartObject("position");
            json.WriteNumber("epochs", Position.Epochs);
            json.WriteNumber("batches", Position.Batches);
            json.WriteNumber("samples", Position.Samples);
            json.WriteNumber("loss_sum", Position.LossSum);
            json.WriteNumber("steps", Position.Steps);
            json.WriteNumber("elapsed_ticks", Position.Elapsed.Ticks);
            if (Position.Seed is { } seed) json.WriteNumber("seed", seed);
            json.WriteNumber("batch_size", Position.BatchSize);
            json.WriteNumber("epoch_samples", Position.EpochSamples);
            json.WriteNumber("accumulate", Position.Accumulate);
            json.WriteEndObject();
            if (Generator is { } random)
            {
                json.WriteStartArray("generator");
                json.WriteNumberValue(random.Seed);
                json.WriteNumberValue(random.Stream);
                json.WriteNumberValue(random.Position);
                json.WriteEndArray();
            }
            if (StopReason is not null) json.WriteString("stop_reason", StopReason);
            WriteTexts(json, "callbacks", Callbacks);
            WriteTexts(json, "metrics", Metrics);
            Cajal.History.WriteEpochs(json, History);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static CheckpointState Parse(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Version) throw new InvalidDataException($"{path} is a checkpoint of version {version}, but this library reads version {Version}.");
            var state = new CheckpointState(
                ReadPosition(root.GetProperty("position")),
                root.GetProperty("optimizer").GetString()!,
                root.TryGetProperty("generator", out var random) ? new(random[0].GetUInt64(), random[1].GetUInt64(), random[2].GetUInt64()) : null,
                root.TryGetProperty("stop_reason", out var reason) ? reason.GetString() : null,
                ReadTexts(root, "callbacks"),
                ReadTexts(root, "metrics"),
                Cajal.History.ReadEpochs(root));
            state.Check();
            return state;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is a damaged checkpoint: its description cannot be read ({error.Message}). Use an earlier one.", error);
        }
    }

    private static TrainingPosition ReadPosition(JsonElement position) => new()
    {
        Epochs = position.GetProperty("epochs").GetInt32(),
        Batches = position.GetProperty("batches").GetInt32(),
        Samples = position.GetProperty("samples").GetInt32(),
        LossSum = position.GetProperty("loss_sum").GetDouble(),
        Steps = position.GetProperty("steps").GetInt64(),
        Elapsed = TimeSpan.FromTicks(position.GetProperty("elapsed_ticks").GetInt64()),
        Seed = position.TryGetProperty("seed", out var seed) ? seed.GetInt32() : null,
        BatchSize = position.GetProperty("batch_size").GetInt32(),
        EpochSamples = position.GetProperty("epoch_samples").GetInt32(),
        Accumulate = position.GetProperty("accumulate").GetInt32(),
    };

    /// <summary>A position that no training can have would fail later, and in the middle.</summary>
    private void Check()
    {
        var at = Position;
        if (at.Epochs < 0 || at.Batches < 0 || at.Samples < 0 || at.Steps < 0 || at.BatchSize < 0 || at.EpochSamples < 0 || at.Accumulate < 1)
            throw new FormatException("a negative count");
        if (at.Samples > at.EpochSamples || (at.Batches > 0 && at.Seed is null) || (long)at.Batches * at.BatchSize - at.BatchSize > at.EpochSamples)
            throw new FormatException("a position outside the epoch");
        if (History.Count != at.Epochs || !History.Select(epoch => epoch.Epoch).SequenceEqual(Enumerable.Range(1, at.Epochs)))
            throw new FormatException($"{at.Epochs} epochs, but another history");
        if (Generator is { Position: > 1ul << 62 }) throw new FormatException("random numbers that cannot be");
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string[] ReadTexts(JsonElement root, string name) => [.. root.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
