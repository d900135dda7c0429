using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal diff A B</c>: how far two files of weights are apart, tensor by tensor.</summary>
internal static class DiffCommand
{
    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("diff", "Compare two files of weights, tensor by tensor", "A B")
        {
            Examples = ["cajal diff before.safetensors after.safetensors", "cajal diff net.safetensors net.pt --tolerance 1e-6"],
        };
        var first = command.Takes("A", "safetensors, PyTorch, NumPy, Keras or ONNX");
        var second = command.Takes("B", "Another, of whatever format");
        var tolerance = Options.Number("--tolerance", "Exit with 5 if a number differs by more, or a tensor is missing");
        var all = Options.Flag("--all", "Show tensors that are equal too");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", tolerance, all, json);
        return command.Does(parsed =>
        {
            string a = parsed.GetValue(first) ?? throw new UsageException("say which files: cajal diff A B");
            string b = parsed.GetValue(second) ?? throw new UsageException("say which file to compare it with: cajal diff A B");
            using var left = FileFormats.Tensors(a);
            using var right = FileFormats.Tensors(b);
            var difference = WeightDifference.Of(left, right);
            if (parsed.GetValue(json)) WriteJson(terminal, difference);
            else WriteText(terminal, difference, parsed.GetValue(all));
            return parsed.GetValue(tolerance) is { } most && !(difference.Largest <= most && difference.IsAligned) ? ExitCode.Missed : ExitCode.Ok;
        });
    }

    private static void WriteText(Terminal terminal, WeightDifference difference, bool all)
    {
        var output = terminal.Output;
        if (difference.Alignment.Length > 0) terminal.Note(difference.Alignment);
        foreach (string line in difference.Architecture) output.WriteLine(line);
        if (difference.Architecture.Count > 0) output.WriteLine();
        var shown = difference.Rows.Where(row => all || row.Largest is not 0).ToList();
        if (shown.Count > 0)
        {
            var table = new TextTable("tensor", "shape", "|A|", "|A - B|", "relative", "largest");
            foreach (var row in shown) table.Add(row.Key, row.Shape.ToString(), Real(row.Norm), Real(row.Distance), Real(row.Relative), Real(row.Largest));
            table.Add("total", "", Real(difference.Norm), Real(difference.Distance), Real(difference.Distance / difference.Norm), Real(difference.Largest));
            foreach (string line in table.Lines(terminal.Paint)) output.WriteLine(line);
        }
        foreach (string key in difference.OnlyLeft) output.WriteLine($"  only in A: {key}");
        foreach (string key in difference.OnlyRight) output.WriteLine($"  only in B: {key}");
        foreach (string key in difference.Misshaped) output.WriteLine($"  other shape: {key}");
        int equal = difference.Rows.Count(row => row.Largest is 0);
        output.WriteLine($"{equal} of {difference.Rows.Count} tensors are equal{(difference.IsAligned ? "" : $", {difference.OnlyLeft.Count} only in A, {difference.OnlyRight.Count} only in B, {difference.Misshaped.Count} of other shapes")}");
    }

    private static void WriteJson(Terminal terminal, WeightDifference difference)
    {
        foreach (var row in difference.Rows)
        {
            JsonLines.Write(terminal, "tensor", json =>
            {
                json.WriteString("name", row.Key);
                json.WriteFinite("norm", row.Norm);
                json.WriteFinite("distance", row.Distance);
                json.WriteFinite("relative", row.Relative);
                json.WriteFinite("largest", row.Largest);
            });
        }
        JsonLines.Write(terminal, "end", json =>
        {
            json.WriteNumber("tensors", difference.Rows.Count);
            json.WriteNumber("equal", difference.Rows.Count(row => row.Largest is 0));
            json.WriteFinite("distance", difference.Distance);
            json.WriteFinite("largest", difference.Largest);
            json.WriteTexts("only_a", difference.OnlyLeft);
            json.WriteTexts("only_b", difference.OnlyRight);
            json.WriteTexts("other_shape", difference.Misshaped);
            json.WriteBoolean("same_architecture", difference.Architecture.Count == 0);
        });
    }

    private static string Real(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);
}
