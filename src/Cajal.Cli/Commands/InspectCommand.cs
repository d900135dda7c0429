using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal inspect MODEL</c>: what a safetensors file holds, whoever wrote it.</summary>
internal static class InspectCommand
{
    private const int LongestNote = 200;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("inspect", "Show layers, tensors, totals and notes of a model file", "MODEL") { Examples = ["cajal inspect runs/digits-cnn-1.safetensors"] };
        var model = command.Takes("MODEL", "Any safetensors file");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", json);
        return command.Does(parsed =>
        {
            string path = Files.Existing(parsed.GetValue(model) ?? throw new UsageException("say which file: cajal inspect MODEL"));
            using var file = Safetensors.Open(path);
            if (parsed.GetValue(json)) WriteJson(terminal, path, file);
            else Write(terminal, path, file);
            return ExitCode.Ok;
        });
    }

    private static void Write(Terminal terminal, string path, SafetensorsFile file)
    {
        var output = terminal.Output;
        output.WriteLine(terminal.Paint.Bold(path));
        if (file.Metadata.ContainsKey("cajal.module"))
        {
            output.WriteLine();
            output.WriteLine(Layers(path));
        }
        output.WriteLine();
        var table = new TextTable("tensor", "type", "shape", "numbers", "bytes");
        foreach (var entry in file.Entries) table.Add(entry.Name, entry.StoredType, entry.Shape.ToString(), Whole(Count(entry)), Whole(entry.Length));
        table.Add("total", "", "", Whole(file.Entries.Sum(Count)), Whole(file.Entries.Sum(entry => entry.Length)));
        foreach (string line in table.Lines(terminal.Paint)) output.WriteLine(line);
        if (file.Metadata.Count == 0) return;
        output.WriteLine();
        output.WriteLine("notes");
        foreach (var (key, text) in file.Metadata)
            output.WriteLine($"  {key}: {(text.Length <= LongestNote ? text : $"{text[..LongestNote]}… ({Whole(text.Length)} characters)")}");
    }

    /// <summary>The layers, or why they cannot be rebuilt; the tensors are shown in any case.</summary>
    private static string Layers(string path)
    {
        try
        {
            return Module.Load(path).ToString();
        }
        catch (Exception error) when (error is InvalidDataException or StateDictException)
        {
            return $"its architecture cannot be rebuilt: {error.Message}";
        }
    }

    private static void WriteJson(Terminal terminal, string path, SafetensorsFile file)
    {
        JsonLines.Write(terminal, "file", json =>
        {
            json.WriteString("path", Path.GetFullPath(path));
            json.WriteNumber("tensors", file.Entries.Count);
            json.WriteNumber("numbers", file.Entries.Sum(Count));
            json.WriteNumber("bytes", file.Entries.Sum(entry => entry.Length));
            json.WriteStartObject("notes");
            foreach (var (key, text) in file.Metadata) json.WriteString(key, text);
            json.WriteEndObject();
        });
        foreach (var entry in file.Entries)
        {
            JsonLines.Write(terminal, "tensor", json =>
            {
                json.WriteString("name", entry.Name);
                json.WriteString("type", entry.StoredType);
                json.WriteStartArray("shape");
                foreach (int length in entry.Shape.ToArray()) json.WriteNumberValue(length);
                json.WriteEndArray();
            });
        }
    }

    private static long Count(TensorEntry entry) => entry.Count;

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
