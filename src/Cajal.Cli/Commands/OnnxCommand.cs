using Cajal.Onnx;

namespace Cajal.Cli;

/// <summary><c>cajal onnx check DIR</c>: runs cases of ONNX's backend suite.</summary>
internal static class OnnxCommand
{
    internal static CliCommand Create(Terminal terminal) => new("onnx", "Work on ONNX models", "COMMAND") { Check(terminal) };

    private static CliCommand Check(Terminal terminal)
    {
        var command = new CliCommand("check", "Run every case of ONNX's backend suite below a folder", "DIR") { Examples = ["cajal onnx check cases", "cajal onnx check cases --json > results.ndjson"] };
        var folder = command.Takes("DIR", "A folder with cases: model.onnx beside test_data_set_0/input_0.pb, output_0.pb, ...");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", json);
        return command.Does(parsed =>
        {
            string root = parsed.GetValue(folder) ?? throw new UsageException("say which folder: cajal onnx check DIR");
            if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"there is no folder {root}.");
            string[] cases = BackendCase.Find(root);
            if (cases.Length == 0) throw new FileNotFoundException($"there is no model.onnx below {root}.");
            return Run(terminal, root, cases, parsed.GetValue(json));
        });
    }

    private static int Run(Terminal terminal, string root, string[] cases, bool json)
    {
        var counts = new int[3];
        foreach (string folder in cases)
        {
            var result = BackendCase.Run(folder, root);
            counts[(int)result.Outcome]++;
            if (json) WriteJson(terminal, result);
            else if (result.Outcome != CaseOutcome.Passed) terminal.Output.WriteLine($"{Word(result.Outcome),-13} {result.Name}: {result.Reason}");
        }
        int passed = counts[(int)CaseOutcome.Passed], failed = counts[(int)CaseOutcome.Failed], unsupported = counts[(int)CaseOutcome.Unsupported];
        if (json)
        {
            JsonLines.Write(terminal, "end", writer =>
            {
                writer.WriteNumber("cases", cases.Length);
                writer.WriteNumber("passed", passed);
                writer.WriteNumber("failed", failed);
                writer.WriteNumber("not_supported", unsupported);
            });
        }
        else terminal.Output.WriteLine($"{passed} passed, {failed} failed, {unsupported} not supported, of {cases.Length} cases");
        return failed > 0 ? ExitCode.Missed : ExitCode.Ok;
    }

    private static void WriteJson(Terminal terminal, CaseResult result) => JsonLines.Write(terminal, "case", writer =>
    {
        writer.WriteString("name", result.Name);
        writer.WriteString("result", Word(result.Outcome).Replace(' ', '_'));
        if (result.Reason.Length > 0) writer.WriteString("reason", result.Reason);
    });

    private static string Word(CaseOutcome outcome) => outcome switch { CaseOutcome.Passed => "passed", CaseOutcome.Failed => "failed", _ => "not supported" };
}
