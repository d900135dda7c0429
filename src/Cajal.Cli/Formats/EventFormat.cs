using System.Globalization;

namespace Cajal.Cli;

/// <summary>TensorBoard's event files: what was logged, from when to when.</summary>
internal sealed class EventFormat() : FileFormat("TensorBoard", ".tfevents")
{
    internal override bool Recognises(string path) => EventFile.Recognises(path);

    internal override void Inspect(Inspection inspection)
    {
        var values = EventFile.Read(inspection.Path);
        var tags = values.GroupBy(value => (value.Kind, value.Tag)).ToList();
        if (inspection.Json)
        {
            WriteJson(inspection, values.Count, tags);
            return;
        }
        var (output, paint) = (inspection.Terminal.Output, inspection.Terminal.Paint);
        output.WriteLine($"{paint.Bold(inspection.Path)}: {Name}, {values.Count.ToString("N0", CultureInfo.InvariantCulture)} entries");
        output.WriteLine();
        var table = new TextTable("tag", "kind", "entries", "steps", "last", "least", "most");
        foreach (var tag in tags)
        {
            double[] numbers = [.. tag.Select(value => value.Number)];
            bool real = tag.Key.Kind == LoggedKind.Scalar;
            table.Add(tag.Key.Tag.Length > 0 ? tag.Key.Tag : "-", tag.Key.Kind.ToString().ToLowerInvariant(), $"{numbers.Length}", $"{tag.Min(value => value.Step)}-{tag.Max(value => value.Step)}",
                double.IsNaN(numbers[^1]) ? "-" : Real(numbers[^1]), real ? Real(numbers.Min()) : "", real ? Real(numbers.Max()) : "");
        }
        foreach (string line in table.Lines(paint)) output.WriteLine(line);
    }

    private static void WriteJson(Inspection inspection, int count, List<IGrouping<(LoggedKind Kind, string Tag), LoggedValue>> tags)
    {
        JsonLines.Write(inspection.Terminal, "file", json =>
        {
            json.WriteString("path", Path.GetFullPath(inspection.Path));
            json.WriteString("format", "TensorBoard");
            json.WriteNumber("entries", count);
        });
        foreach (var tag in tags)
        {
            JsonLines.Write(inspection.Terminal, "tag", json =>
            {
                json.WriteString("name", tag.Key.Tag);
                json.WriteString("kind", tag.Key.Kind.ToString().ToLowerInvariant());
                json.WriteNumber("entries", tag.Count());
                json.WriteNumber("first_step", tag.Min(value => value.Step));
                json.WriteNumber("last_step", tag.Max(value => value.Step));
                json.WriteFinite("last", tag.Last().Number);
            });
        }
    }

    private static string Real(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
