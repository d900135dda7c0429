using System.Globalization;
using System.Text.Json;

namespace Cajal.Cli;

/// <summary>Shows a file of tensors: layers with their work where the architecture is known, tensors with their statistics, totals, notes.</summary>
internal static class TensorInspection
{
    private const int LongestNote = 200, MostNotes = 40;

    /// <summary>More numbers than this are not read unasked.</summary>
    private const long ManyNumbers = 50_000_000;

    internal static void Write(Inspection inspection, TensorFile file)
    {
        bool read = inspection.Statistics ?? file.Entries.Sum(entry => entry.Count) <= ManyNumbers;
        var network = Network.Of(inspection, file);
        if (inspection.Json) WriteJson(inspection, file, network, read);
        else WriteText(inspection, file, network, read);
    }

    private static void WriteText(Inspection inspection, TensorFile file, Network network, bool read)
    {
        var (output, paint) = (inspection.Terminal.Output, inspection.Terminal.Paint);
        output.WriteLine($"{paint.Bold(inspection.Path)}: {file.Format}");
        if (network.Text is not null)
        {
            output.WriteLine();
            output.WriteLine(network.Text);
        }
        if (network.Summary is { } summary)
        {
            output.WriteLine();
            output.WriteLine(summary);
        }
        output.WriteLine();
        string[] header = ["tensor", "type", "shape", "numbers", "bytes", .. read ? ["mean", "std", "least", "most"] : Array.Empty<string>()];
        var table = new TextTable(header);
        var warnings = new List<string>();
        foreach (var entry in file.Entries)
        {
            var statistics = read ? Statistics.Of(file, entry) : null;
            string[] figures = statistics is null ? [.. Enumerable.Repeat("", header.Length - 5)] : [Real(statistics.Mean), Real(statistics.Deviation), Real(statistics.Least), Real(statistics.Most)];
            table.Add([entry.Name, entry.StoredType, entry.Shape.ToString(), Whole(entry.Count), Whole(entry.Length), .. figures]);
            if (statistics is { NotFinite: > 0 }) warnings.Add($"{entry.Name}: {Whole(statistics.NotFinite)} of {Whole(entry.Count)} numbers are not finite");
        }
        table.Add(["total", "", "", Whole(file.Entries.Sum(entry => entry.Count)), Whole(file.Entries.Sum(entry => entry.Length)), .. Enumerable.Repeat("", header.Length - 5)]);
        foreach (string line in table.Lines(paint)) output.WriteLine(line);
        foreach (string warning in warnings) inspection.Terminal.Warn(warning);
        if (!read) inspection.Terminal.Note("with --stats the numbers are read too: mean, deviation, least, most");
        if (file.Metadata.Count == 0) return;
        output.WriteLine();
        output.WriteLine("notes");
        foreach (var (key, text) in file.Metadata.Take(MostNotes))
            output.WriteLine($"  {key}: {(text.Length <= LongestNote ? text : $"{text[..LongestNote]}… ({Whole(text.Length)} characters)")}");
        if (file.Metadata.Count > MostNotes) output.WriteLine($"  ... and {Whole(file.Metadata.Count - MostNotes)} more");
    }

    private static void WriteJson(Inspection inspection, TensorFile file, Network network, bool read)
    {
        JsonLines.Write(inspection.Terminal, "file", json =>
        {
            json.WriteString("path", Path.GetFullPath(inspection.Path));
            json.WriteString("format", file.Format);
            json.WriteNumber("tensors", file.Entries.Count);
            json.WriteNumber("numbers", file.Entries.Sum(entry => entry.Count));
            json.WriteNumber("bytes", file.Entries.Sum(entry => entry.Length));
            if (network.Summary is { } summary)
            {
                json.WriteNumber("parameters", summary.Parameters);
                json.WriteNumber("macs", summary.Macs);
            }
            json.WriteStartObject("notes");
            foreach (var (key, text) in file.Metadata) json.WriteString(key, text);
            json.WriteEndObject();
        });
        foreach (var row in network.Summary?.Rows ?? [])
        {
            JsonLines.Write(inspection.Terminal, "layer", json =>
            {
                json.WriteString("name", row.Path);
                json.WriteString("type", row.Type);
                if (row.Output is { } shape) WriteShape(json, "output", shape);
                json.WriteNumber("parameters", row.Parameters);
                json.WriteNumber("macs", row.Macs);
            });
        }
        foreach (var entry in file.Entries)
        {
            var statistics = read ? Statistics.Of(file, entry) : null;
            JsonLines.Write(inspection.Terminal, "tensor", json =>
            {
                json.WriteString("name", entry.Name);
                json.WriteString("type", entry.StoredType);
                WriteShape(json, "shape", entry.Shape);
                if (statistics is null) return;
                json.WriteFinite("mean", statistics.Mean);
                json.WriteFinite("std", statistics.Deviation);
                json.WriteFinite("least", statistics.Least);
                json.WriteFinite("most", statistics.Most);
                json.WriteNumber("not_finite", statistics.NotFinite);
            });
        }
    }

    private static void WriteShape(Utf8JsonWriter json, string name, Shape shape)
    {
        json.WriteStartArray(name);
        foreach (int length in shape.ToArray()) json.WriteNumberValue(length);
        json.WriteEndArray();
    }

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Real(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>The network that a file describes, if it does.</summary>
    private sealed record Network(string? Text, Summary? Summary)
    {
        internal static Network Of(Inspection inspection, TensorFile file)
        {
            if (!file.Metadata.ContainsKey("cajal.module"))
            {
                return inspection.Input is null ? new(null, null) : throw new UsageException($"--input is for a file that holds a network; {inspection.Path} holds tensors only.");
            }
            try
            {
                var net = Module.Load(inspection.Path);
                int[]? sample = file.Metadata.TryGetValue(TrainingNote.Key, out string? note) ? TrainingNote.Parse(note, inspection.Path).InputShape : null;
                int[]? input = inspection.Input ?? (sample is null ? null : [1, .. sample]);
                return new(net.ToString(), input is null ? null : net.Summarise(input, Takes(net)));
            }
            catch (Exception error) when (error is InvalidDataException or StateDictException)
            {
                return new($"its architecture cannot be rebuilt: {error.Message}", null);
            }
        }

        /// <summary>Networks that begin with an embedding take indices.</summary>
        private static DType? Takes(Module net) => net.Modules().FirstOrDefault(module => !module.Children().Any()) is Embedding ? DType.Int64 : null;
    }
}
