using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cajal.Cli;

/// <summary>One JSON object per line on standard output.</summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(Terminal terminal, string name, Action<Utf8JsonWriter> fields)
    {
        terminal.Output.WriteLine(Text(json =>
        {
            json.WriteString("event", name);
            fields(json);
        }));
        terminal.Output.Flush();
    }

    /// <summary>An object as text.</summary>
    internal static string Text(Action<Utf8JsonWriter> fields, bool indented = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable with { Indented = indented }))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A number, or null where it is not finite, which JSON cannot say.</summary>
    internal static void WriteFinite(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    internal static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
