using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cajal;

public sealed partial class Profiler
{
    private const int Listed = 12;

    /// <summary>Tables of the operations, rules and layers that took longest.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "operations", SpanKind.Op);
        Write(text, "backward", SpanKind.Backward);
        Write(text, "layers", SpanKind.Layer);
        Write(text, "step", SpanKind.Phase);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>
    /// Writes the spans in the trace-event format, for <c>chrome://tracing</c>, Perfetto or Edge: one row each for the parts of the step, the layers and the operations. Atomically.
    /// </summary>
    /// <remarks>Source: Google, "Trace Event Format", complete events.</remarks>
    public void SaveTrace(string path) => AtomicFile.Write(path, WriteTrace);

    private void WriteTrace(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        foreach (var (kind, name) in ((SpanKind, string)[])[(SpanKind.Phase, "step"), (SpanKind.Layer, "layers"), (SpanKind.Op, "operations")])
        {
            json.WriteStartObject();
            Event(json, "thread_name", "M", kind);
            json.WriteStartObject("args");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        // A span that contains others comes before them.
        foreach (var span in Spans.OrderBy(span => span.Start).ThenByDescending(span => span.Duration))
        {
            json.WriteStartObject();
            Event(json, span.Kind == SpanKind.Backward ? $"{span.Name} backward" : span.Name, "X", span.Kind);
            json.WriteString("cat", span.Kind.ToString().ToLowerInvariant());
            json.WriteNumber("ts", span.Start.TotalMicroseconds);
            json.WriteNumber("dur", span.Duration.TotalMicroseconds);
            json.WriteStartObject("args");
            if (span.Layer.Length > 0) json.WriteString("layer", span.Layer);
            if (span.Shapes.Count > 0) json.WriteString(span.Kind == SpanKind.Backward ? "gradient" : "result", span.Shapes[0].ToString());
            if (span.Shapes.Count > 1) json.WriteString("operands", string.Join(", ", span.Shapes.Skip(1)));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Event(Utf8JsonWriter json, string name, string type, SpanKind row)
    {
        json.WriteString("name", name);
        json.WriteString("ph", type);
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", row switch { SpanKind.Phase => 1, SpanKind.Layer => 2, _ => 3 });
    }

    private void Write(StringBuilder text, string title, SpanKind kind)
    {
        var totals = Totals(kind);
        if (totals.Count == 0) return;
        int width = Math.Max(title.Length, totals.Take(Listed).Max(total => total.Name.Length));
        text.Append($"{title.PadRight(width)}  {"count",7}  {"ms",10}\n");
        foreach (var total in totals.Take(Listed))
            text.Append(CultureInfo.InvariantCulture, $"{total.Name.PadRight(width)}  {total.Count,7}  {total.Total.TotalMilliseconds,10:F3}\n");
        if (totals.Count > Listed) text.Append($"... and {totals.Count - Listed} more\n");
        text.Append('\n');
    }
}
