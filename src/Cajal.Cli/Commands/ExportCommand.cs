namespace Cajal.Cli;

/// <summary>Something a network can be written as. A new one is a line in <see cref="ExportCommand.Targets"/>.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Ending">Of the file, if none is named.</param>
/// <param name="Write">Writes it; gives the files.</param>
internal sealed record ExportTarget(string Name, string Ending, Func<ExportRequest, IReadOnlyList<string>> Write);

/// <summary>What is to be exported.</summary>
/// <param name="Model">The network with what it remembers.</param>
/// <param name="Path">The file.</param>
/// <param name="Sample">The shape of one sample, without a batch axis; null if nobody knows.</param>
/// <param name="Floats">A type to store floats in; null keeps theirs.</param>
internal sealed record ExportRequest(SavedModel Model, string Path, int[]? Sample, DType? Floats)
{
    /// <summary>The shape of one sample.</summary>
    /// <exception cref="UsageException">Nobody knows it.</exception>
    internal int[] Shape => Sample ?? throw new UsageException($"{Model.Path} does not say what its inputs look like; give the shape of one sample, such as --input 1,28,28.");
}

/// <summary><c>cajal export MODEL --to FORMAT</c>: a network for other programs.</summary>
internal static class ExportCommand
{
    internal static readonly ExportTarget[] Targets =
    [
        new("safetensors", ".weights.safetensors", Weights((path, request) => Safetensors.Save(path, State(request), null, request.Floats))),
        new("pt", ".pt", Weights((path, request) => PyTorch.Save(path, State(request), request.Floats))),
        new("npz", ".npz", Weights((path, request) => NumpyFile.WriteArchive(path, new TensorContent([.. State(request)], new Dictionary<string, string>(), request.Floats).Converted))),
        new("onnx", ".onnx", request =>
        {
            OnnxNetwork.Save(request);
            return [request.Path];
        }),
        new("csharp", ".cs", CSharp),
    ];

    internal static CliCommand Create(Terminal terminal)
    {
        string[] names = [.. Targets.Select(target => target.Name)];
        var command = new CliCommand("export", "Write a saved network for other programs", "MODEL --to FORMAT")
        {
            Examples = ["cajal export runs/digits-cnn-1.safetensors --to csharp --out Digits.cs", "cajal export runs/digits-cnn-1.safetensors --to pt"],
        };
        var model = command.Takes("MODEL", "A file that cajal train or Module.Save wrote");
        var to = Options.Choice("--to", "What to write", names);
        var output = Options.Text("--out", "FILE", "Where; beside the model if not given");
        var input = Options.Widths("--input", "Shape of one sample, if the model does not say it, such as 1,28,28");
        var floats = ConvertCommand.Floats();
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Format", to, floats, input);
        command.Group("Results", output, json);
        return command.Does(parsed =>
        {
            string path = parsed.GetValue(model) ?? throw new UsageException("say which model, and what to write: cajal export MODEL --to FORMAT");
            string wanted = parsed.GetValue(to) ?? throw new UsageException($"say what to write: --to {string.Join(", ", names)}");
            var target = Targets.Single(known => known.Name == wanted);
            var saved = SavedModel.Load(path);
            string file = parsed.GetValue(output) ?? Path.ChangeExtension(path, null) + target.Ending;
            int[]? sample = parsed.GetValue(input) is { Length: > 0 } shape ? shape : saved.Note?.InputShape;
            var files = Written(target, new(saved, file, sample, ConvertCommand.TypeOf(parsed.GetValue(floats))));
            Report(terminal, target.Name, files, parsed.GetValue(json));
            return ExitCode.Ok;
        });
    }

    private static IReadOnlyList<string> Written(ExportTarget target, ExportRequest request)
    {
        try
        {
            return target.Write(request);
        }
        catch (Exception problem) when (problem is NotSupportedException or ShapeException)
        {
            throw new UsageException($"{request.Model.Path} cannot be written as {target.Name}: {problem.Message}");
        }
    }

    private static void Report(Terminal terminal, string format, IReadOnlyList<string> files, bool json)
    {
        if (!json)
        {
            foreach (string written in files) terminal.Output.WriteLine(Path.GetFullPath(written));
            return;
        }
        JsonLines.Write(terminal, "end", writer =>
        {
            writer.WriteString("format", format);
            writer.WriteTexts("files", files.Select(Path.GetFullPath));
        });
    }

    private static Func<ExportRequest, IReadOnlyList<string>> Weights(Action<string, ExportRequest> write) => request =>
    {
        write(request.Path, request);
        return [request.Path];
    };

    /// <summary>Each tensor once, under its first key.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> State(ExportRequest request)
    {
        var stored = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        return request.Model.Net.StateDict().Where(pair => stored.Add(pair.Value)).ToList();
    }

    private static IReadOnlyList<string> CSharp(ExportRequest request) =>
        CSharpExport.Write(request.Path, request.Model.Net, request.Shape, classes: request.Model.Note?.Classes);
}
