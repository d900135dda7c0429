using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cajal.Benchmarks;

/// <summary>Prints one JSON object on one line, its fields in the order given; real numbers with six digits.</summary>
internal static class JsonLine
{
    internal static void Print(params ReadOnlySpan<(string Key, object? Value)> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (key, value) in fields)
            {
                json.WritePropertyName(key);
                Write(json, value);
            }
            json.WriteEndObject();
        }
        Console.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteRawValue(number.ToString("G6", CultureInfo.InvariantCulture)); break;
            case null or double: json.WriteNullValue(); break;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (string text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"JsonLine: a {value.GetType().Name} cannot be printed; give text, numbers, truth values or lists of texts.");
        }
    }
}
