using System.Text.Json;

namespace Cajal;

public sealed partial class TablePreprocessor
{
    private const int FormatVersion = 1;

    /// <summary>Writes everything fitted as JSON; numbers survive exactly.</summary>
    public void ToJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", FormatVersion);
        writer.WriteString("target", Target);
        writer.WriteString("missing", missing.ToString());
        WriteNames(writer, "classes", Classes);
        writer.WriteStartArray("columns");
        foreach (TableColumn column in Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            if (column.Categories is null)
            {
                writer.WriteNumber("mean", column.Mean);
                writer.WriteNumber("std", column.StandardDeviation);
                if (column.Fill is { } fill)
                {
                    writer.WriteNumber("fill", fill);
                }
            }
            else
            {
                WriteNames(writer, "categories", column.Categories);
                writer.WriteString("fill_category", column.FillCategory);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Everything fitted, as JSON text.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ToJson(writer);
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Reads what <see cref="ToJson()"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is not JSON, or lacks a part; the message names it.</exception>
    public static TablePreprocessor FromJson(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return FromJson(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"TablePreprocessor: not JSON: {error.Message}", error);
        }
    }

    /// <summary>Reads what <see cref="ToJson()"/> wrote, from a part of a larger document.</summary>
    /// <exception cref="InvalidDataException">A part is missing or of the wrong kind.</exception>
    public static TablePreprocessor FromJson(JsonElement json)
    {
        try
        {
            int version = json.GetProperty("version").GetInt32();
            if (version != FormatVersion)
            {
                throw new InvalidDataException($"TablePreprocessor: format {version} is unknown; this version reads format {FormatVersion}.");
            }
            TableColumn[] columns = [.. json.GetProperty("columns").EnumerateArray().Select(ReadColumn)];
            return new TablePreprocessor(
                columns, ReadText(json, "target"), ReadNames(json, "classes"), Enum.Parse<MissingValues>(ReadText(json, "missing")));
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"TablePreprocessor: the stored preprocessing is damaged: {error.Message}", error);
        }
    }

    private static TableColumn ReadColumn(JsonElement json)
    {
        string name = ReadText(json, "name");
        if (ReadNames(json, "categories") is { } categories)
        {
            return new TableColumn(name, 0, 1, null, categories, json.GetProperty("fill_category").GetString());
        }
        double deviation = json.GetProperty("std").GetDouble();
        return deviation > 0 && double.IsFinite(deviation)
            ? new TableColumn(name, json.GetProperty("mean").GetDouble(), deviation, json.TryGetProperty("fill", out JsonElement fill) ? fill.GetDouble() : null)
            : throw new InvalidDataException($"TablePreprocessor: the standard deviation of column \"{name}\" is {deviation}; it must be greater than zero.");
    }

    private static string ReadText(JsonElement json, string key) =>
        json.GetProperty(key).GetString() ?? throw new InvalidDataException($"TablePreprocessor: \"{key}\" must be text.");

    private static string[]? ReadNames(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement names) ? [.. names.EnumerateArray().Select(n => n.GetString() ?? "")] : null;

    private static void WriteNames(Utf8JsonWriter writer, string key, IEnumerable<string>? names)
    {
        if (names is null)
        {
            return;
        }
        writer.WriteStartArray(key);
        foreach (string name in names)
        {
            writer.WriteStringValue(name);
        }
        writer.WriteEndArray();
    }
}
