using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal predict MODEL FILE</c>: an image, or the rows of a table.</summary>
internal static class PredictCommand
{
    private const int UsualTop = 3, BarWidth = 20, Batch = 256;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("predict", "Say what a saved model makes of an image or of the rows of a table", "MODEL FILE")
        {
            Examples = ["cajal predict runs/digits-cnn-1.safetensors seven.png", "cajal predict runs/iris-mlp-1.safetensors flowers.csv > predicted.csv"],
        };
        var model = command.Takes("MODEL", "A file that cajal train saved, or an ONNX model of images or of a table");
        var file = command.Takes("FILE", "An image (PNG, JPEG, BMP) or a CSV file with the columns of the training table");
        var top = Options.Whole("--top", "How many classes to show for an image; 3 if not given");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", top, json);
        return command.Does(parsed =>
        {
            string modelPath = parsed.GetValue(model) ?? throw new UsageException("say which model and which file: cajal predict MODEL FILE");
            string path = parsed.GetValue(file) ?? throw new UsageException("say which file to predict: an image or a CSV file.");
            var saved = SavedModel.Load(modelPath);
            using var scope = new NoGrad();
            if (saved.Known.IsTable) Rows(terminal, saved, path, parsed.GetValue(json));
            else Image(terminal, saved, path, parsed.GetValue(top) ?? UsualTop, parsed.GetValue(json));
            return ExitCode.Ok;
        });
    }

    private static void Image(Terminal terminal, SavedModel saved, string path, int top, bool json)
    {
        if (TableProblem.IsTable(path)) throw new UsageException($"{saved.Path} has learned from images ({saved.Known.Data}); {path} is a table.");
        var note = saved.Known;
        var image = ImageInput.Read(path, note);
        if (image.Changes.Count > 0) terminal.Note($"{Path.GetFileName(path)}: {string.Join("; ", image.Changes)}.{(json ? "" : " The network sees:")}");
        if (image.Changes.Count > 0 && !json)
        {
            foreach (string line in ImageText.Draw(image.Input, terminal.ErrorPaint).Lines) terminal.Note("  " + line);
        }
        float[] probabilities = Probabilities(saved.Net.Call(image.Input.Reshape([1, .. note.InputShape])));
        var classes = saved.Names(note.Classes, probabilities.Length);
        int[] order = [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(k => probabilities[k]).ThenBy(k => k)];
        if (json)
        {
            JsonLines.Write(terminal, "prediction", writer =>
            {
                writer.WriteString("file", path);
                writer.WriteString("prediction", classes[order[0]]);
                writer.WriteNumber("probability", probabilities[order[0]]);
                writer.WriteStartObject("probabilities");
                foreach (int k in order) writer.WriteNumber(classes[k], probabilities[k]);
                writer.WriteEndObject();
            });
            return;
        }
        terminal.Output.WriteLine($"{path}: {terminal.Paint.Bold(classes[order[0]])} ({Percent(probabilities[order[0]])})");
        int width = order.Take(top).Max(k => classes[k].Length);
        foreach (int k in order.Take(top))
        {
            string bar = new('━', (int)Math.Round(probabilities[k] * BarWidth));
            terminal.Output.WriteLine($"  {classes[k].PadRight(width)}  {Percent(probabilities[k]),7}  {bar}".TrimEnd());
        }
    }

    private static void Rows(Terminal terminal, SavedModel saved, string path, bool json)
    {
        if (!TableProblem.IsTable(path)) throw new UsageException($"{saved.Path} has learned from a table ({saved.Known.Data}); give a CSV file, not {path}.");
        var fitted = saved.Table ?? throw new InvalidDataException($"{saved.Path} does not hold the columns it was trained on; train it again.");
        var inputs = fitted.Encode(TableProblem.Read(path));
        int count = inputs.Shape[0];
        bool classes = fitted.Classes is not null;
        if (!json) terminal.Output.WriteLine(classes ? "row,prediction,probability" : "row,prediction");
        for (int start = 0; start < count; start += Batch)
        {
            int size = Math.Min(Batch, count - start);
            var output = saved.Net.Call(inputs[start..(start + size)]);
            float[] values = classes ? Probabilities(output) : output.ToArray<float>();
            int wide = values.Length / size;
            if (classes) saved.Names(fitted.Classes, wide);
            for (int i = 0; i < size; i++) Row(terminal, start + i + 1, values.AsSpan(i * wide, wide), fitted.Classes, json);
        }
    }

    private static void Row(Terminal terminal, int row, ReadOnlySpan<float> values, IReadOnlyList<string>? classes, bool json)
    {
        int best = 0;
        for (int k = 1; k < values.Length; k++) best = values[k] > values[best] ? k : best;
        float value = values[best];
        if (json)
        {
            float[] all = values.ToArray();
            JsonLines.Write(terminal, "prediction", writer =>
            {
                writer.WriteNumber("row", row);
                if (classes is null)
                {
                    writer.WriteFinite("prediction", value);
                    return;
                }
                writer.WriteString("prediction", classes[best]);
                writer.WriteFinite("probability", value);
                writer.WriteStartObject("probabilities");
                for (int k = 0; k < all.Length; k++) writer.WriteFinite(classes[k], all[k]);
                writer.WriteEndObject();
            });
            return;
        }
        string number = value.ToString(CultureInfo.InvariantCulture);
        terminal.Output.WriteLine(classes is null ? $"{row},{number}" : $"{row},{Cell(classes[best])},{value.ToString("F4", CultureInfo.InvariantCulture)}");
    }

    private static float[] Probabilities(Tensor logits) => logits.Softmax(-1).ToArray<float>();

    private static string Percent(float share) => (share * 100).ToString("F1", CultureInfo.InvariantCulture) + " %";

    /// <summary>A text as a CSV cell, after RFC 4180.</summary>
    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
