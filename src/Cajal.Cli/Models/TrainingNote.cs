using System.Text.Json;

namespace Cajal.Cli;

/// <summary>What a saved model remembers of its training, besides its architecture; kept in the file's metadata under <see cref="Key"/>.</summary>
/// <param name="Data">Name of the data set, or of the file without its ending.</param>
/// <param name="Model">Name of the network.</param>
/// <param name="Seed">Decides what was held out.</param>
/// <param name="InputShape">Shape of one input: [F] or [C, H, W].</param>
/// <param name="Classes">Class names; null for a number.</param>
internal sealed record TrainingNote(string Data, string Model, int Seed, int[] InputShape, string[]? Classes)
{
    internal const string Key = "cajal.training", TableKey = "cajal.table";

    /// <summary>Name of the table's file, and what its bytes are.</summary>
    internal string? File { get; init; }

    /// <summary>SHA-256 of the table's file.</summary>
    internal string? Fingerprint { get; init; }

    /// <summary>Mean value of the border of the training images, in [0, 1]: whether they are dark or light around.</summary>
    internal double? Border { get; init; }

    /// <summary>Mean value of the training images, in [0, 1]: how thick strokes are.</summary>
    internal double? Ink { get; init; }

    /// <summary>Figures on the held-out part.</summary>
    internal IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    internal bool IsTable => InputShape.Length == 1;

    internal string ToJson() => JsonLines.Text(json =>
    {
        json.WriteString("data", Data);
        json.WriteString("model", Model);
        json.WriteNumber("seed", Seed);
        json.WriteStartArray("input_shape");
        foreach (int length in InputShape) json.WriteNumberValue(length);
        json.WriteEndArray();
        if (Classes is not null) json.WriteTexts("classes", Classes);
        if (File is not null) json.WriteString("file", File);
        if (Fingerprint is not null) json.WriteString("sha256", Fingerprint);
        if (Border is { } border) json.WriteNumber("border", border);
        if (Ink is { } ink) json.WriteNumber("ink", ink);
        json.WriteStartObject("metrics");
        foreach (var (name, value) in Metrics) json.WriteFinite(name, value);
        json.WriteEndObject();
    });

    /// <exception cref="InvalidDataException">The note is damaged.</exception>
    internal static TrainingNote Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new(root.GetProperty("data").GetString()!, root.GetProperty("model").GetString()!, root.GetProperty("seed").GetInt32(),
                [.. root.GetProperty("input_shape").EnumerateArray().Select(length => length.GetInt32())],
                root.TryGetProperty("classes", out var classes) ? [.. classes.EnumerateArray().Select(name => name.GetString()!)] : null)
            {
                File = root.TryGetProperty("file", out var file) ? file.GetString() : null,
                Fingerprint = root.TryGetProperty("sha256", out var hash) ? hash.GetString() : null,
                Border = root.TryGetProperty("border", out var border) ? border.GetDouble() : null,
                Ink = root.TryGetProperty("ink", out var ink) ? ink.GetDouble() : null,
                Metrics = root.GetProperty("metrics").EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Number)
                    .ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble()),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: its note \"{Key}\" is damaged: {error.Message}", error);
        }
    }
}
