namespace Cajal.Cli;

/// <summary><c>cajal inspect FILE</c>: what a file holds, whoever wrote it.</summary>
internal static class InspectCommand
{
    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("inspect", "Show what is in a file of weights or logs: layers, tensors, statistics", "FILE")
        {
            Examples = ["cajal inspect runs/digits-cnn-1.safetensors", "cajal inspect resnet18.pth --json", "cajal inspect net.safetensors --input 1,3,224,224"],
        };
        var file = command.Takes("FILE", "safetensors, PyTorch, NumPy, Keras, TensorBoard or ONNX; known by its content");
        var input = Options.Widths("--input", "Shape of an input, batch axis first, to count the work of a network that was not made by cajal train");
        var stats = Options.Flag("--stats", "Read all numbers for statistics, also of a large file");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Network", input);
        command.Group("Results", stats, json);
        return command.Does(parsed =>
        {
            string path = parsed.GetValue(file) ?? throw new UsageException("say which file: cajal inspect FILE");
            int[]? shape = parsed.GetValue(input) is { Length: > 0 } given ? given : null;
            FileFormats.Of(path).Inspect(new(terminal, path, parsed.GetValue(json), shape, parsed.GetValue(stats) ? true : null));
            return ExitCode.Ok;
        });
    }
}
