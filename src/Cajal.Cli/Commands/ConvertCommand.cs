namespace Cajal.Cli;

/// <summary><c>cajal convert IN OUT</c>: tensors from one format to another.</summary>
internal static class ConvertCommand
{
    private static readonly string[] FloatTypes = ["f32", "f64", "f16", "bf16"];

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("convert", "Write the tensors of a file in another format, which the ending of OUT says", "IN OUT")
        {
            Examples = ["cajal convert checkpoint.pt weights.safetensors --part model.", "cajal convert model.keras weights.pt", "cajal convert net.safetensors small.safetensors --floats bf16"],
        };
        var from = command.Takes("IN", "safetensors, PyTorch, NumPy, Keras or ONNX");
        var to = command.Takes("OUT", ".safetensors, .pt, .pth, .npz or .npy; replaced if it is there");
        var part = Options.Text("--part", "PREFIX", "Take only tensors whose names begin so, and cut that off");
        var floats = Floats();
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Tensors", part, floats);
        command.Group("Results", json);
        return command.Does(parsed =>
        {
            string source = parsed.GetValue(from) ?? throw new UsageException("say which file, and where to: cajal convert IN OUT");
            string target = parsed.GetValue(to) ?? throw new UsageException("say where to: cajal convert IN OUT");
            var format = FileFormats.ForWriting(target);
            using var tensors = FileFormats.Tensors(source);
            var content = new TensorContent(Read(tensors, parsed.GetValue(part), source), tensors.Notes, TypeOf(parsed.GetValue(floats)));
            format.Write(target, content);
            Report(terminal, target, format.Name, content, parsed.GetValue(json));
            return ExitCode.Ok;
        });
    }

    internal static System.CommandLine.Option<string?> Floats() => Options.Choice("--floats", "Store floats in this type", FloatTypes);

    internal static DType? TypeOf(string? floats) => floats switch { "f32" => DType.Float32, "f64" => DType.Float64, "f16" => DType.Float16, "bf16" => DType.BFloat16, _ => null };

    internal static void Report(Terminal terminal, string target, string format, TensorContent content, bool json)
    {
        long numbers = content.Tensors.Sum(pair => (long)pair.Value.Count);
        if (!json)
        {
            terminal.Output.WriteLine(System.FormattableString.Invariant($"{Path.GetFullPath(target)}: {format}, {content.Tensors.Count:N0} tensors, {numbers:N0} numbers"));
            return;
        }
        JsonLines.Write(terminal, "end", writer =>
        {
            writer.WriteString("path", Path.GetFullPath(target));
            writer.WriteString("format", format);
            writer.WriteNumber("tensors", content.Tensors.Count);
            writer.WriteNumber("numbers", numbers);
        });
    }

    private static List<KeyValuePair<string, Tensor>> Read(TensorSource source, string? part, string path)
    {
        var wanted = source.Entries.Where(entry => part is null || entry.Name.StartsWith(part, StringComparison.Ordinal)).ToList();
        if (wanted.Count == 0)
        {
            string[] beginnings = [.. source.Entries.Where(entry => entry.Name.Contains('.')).Select(entry => entry.Name[..(entry.Name.IndexOf('.') + 1)]).Distinct()];
            throw new UsageException(part is null ? $"{path} holds no tensors." : $"--part: no tensor of {path} has a name that begins with \"{part}\"{(beginnings.Length > 0 ? $"; they begin with {string.Join(", ", beginnings.Take(10))}" : "")}.");
        }
        return [.. wanted.Select(entry => KeyValuePair.Create(entry.Name[(part?.Length ?? 0)..], source.Read(entry.Name, asStored: true)))];
    }
}
