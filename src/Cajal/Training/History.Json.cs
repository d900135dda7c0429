using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cajal;

public sealed partial record History
{
    /// <summary>
    /// The same as a JSON object: <c>epochs</c> (each with <c>epoch</c>, <c>loss</c>, <c>metrics</c>, <c>validation</c>, <c>learning_rate</c>, <c>seconds</c>), <c>interrupted</c>, <c>stop_reason</c>.
    /// JSON has no NaN and no infinity; they are written as the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.
    /// </summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteEpochs(json, Epochs);
            json.WriteBoolean("interrupted", Interrupted);
            json.WriteString("stop_reason", StopReason);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes <see cref="ToJson"/> to a file, atomically.</summary>
    public void SaveJson(string path) => WriteText(path, ToJson());

    internal static void WriteEpochs(Utf8JsonWriter json, IEnumerable<EpochResult> epochs)
    {
        json.WriteStartArray("epochs");
        foreach (var epoch in epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            WriteNumber(json, "loss", epoch.Loss);
            WriteMetrics(json, epoch.Metrics);
            if (epoch.Validation is { } validation) WriteEvaluation(json, validation);
            WriteNumber(json, "learning_rate", epoch.LearningRate);
            json.WriteNumber("seconds", epoch.Elapsed.TotalSeconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    internal static EpochResult[] ReadEpochs(JsonElement root) => [.. root.GetProperty("epochs").EnumerateArray().Select(ReadEpoch)];

    internal static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    internal static double ReadNumber(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture) : element.GetDouble();

    private static void WriteEvaluation(Utf8JsonWriter json, Evaluation validation)
    {
        json.WriteStartObject("validation");
        json.WriteNumber("count", validation.Count);
        WriteNumber(json, "loss", validation.Loss);
        if (validation.Accuracy is { } accuracy) WriteNumber(json, "accuracy", accuracy);
        if (validation.Rmse is { } rmse) WriteNumber(json, "rmse", rmse);
        if (validation.R2 is { } r2) WriteNumber(json, "r2", r2);
        WriteMetrics(json, validation.Metrics);
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, IReadOnlyDictionary<string, double> metrics)
    {
        if (metrics.Count == 0) return;
        json.WriteStartObject("metrics");
        foreach (var (name, value) in metrics) WriteNumber(json, name, value);
        json.WriteEndObject();
    }

    private static EpochResult ReadEpoch(JsonElement epoch) => new(
        epoch.GetProperty("epoch").GetInt32(),
        ReadNumber(epoch.GetProperty("loss")),
        epoch.TryGetProperty("validation", out var validation) ? ReadEvaluation(validation) : null,
        ReadNumber(epoch.GetProperty("learning_rate")),
        TimeSpan.FromTicks((long)Math.Round(epoch.GetProperty("seconds").GetDouble() * TimeSpan.TicksPerSecond)))
    {
        Metrics = ReadMetrics(epoch),
    };

    private static Evaluation ReadEvaluation(JsonElement validation) => new(validation.GetProperty("count").GetInt32(), ReadNumber(validation.GetProperty("loss")))
    {
        Accuracy = ReadOptional(validation, "accuracy"),
        Rmse = ReadOptional(validation, "rmse"),
        R2 = ReadOptional(validation, "r2"),
        Metrics = ReadMetrics(validation),
    };

    private static double? ReadOptional(JsonElement owner, string name) => owner.TryGetProperty(name, out var element) ? ReadNumber(element) : null;

    private static IReadOnlyDictionary<string, double> ReadMetrics(JsonElement owner)
    {
        if (!owner.TryGetProperty("metrics", out var metrics)) return Evaluation.NoMetrics;
        var result = new OrderedDictionary<string, double>();
        foreach (var metric in metrics.EnumerateObject()) result.Add(metric.Name, ReadNumber(metric.Value));
        return result;
    }
}
