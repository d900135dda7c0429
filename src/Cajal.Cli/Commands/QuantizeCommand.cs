using System.Diagnostics;
using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal quantize MODEL</c>: a network in 8-bit numbers, and what that changes.</summary>
internal static class QuantizeCommand
{
    private const int UsualSamples = 512, Batch = 64;
    private const double MeasuredSeconds = 1;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("quantize", "Turn a trained network into 8-bit numbers and measure it against the original", "MODEL")
        {
            Examples = ["cajal quantize runs/digits-cnn-1.safetensors", "cajal quantize runs/mnist-lenet5-1.safetensors --data ~/mnist --json"],
        };
        var model = command.Takes("MODEL", "A file that cajal train saved, or the same as ONNX; of a named data set");
        var folder = Options.Text("--data", "DIR", "Where the files of mnist and fashion-mnist are");
        var samples = Options.Whole("--samples", $"Training samples that the ranges of values are taken from; {UsualSamples} if not given");
        var output = Options.Text("--out", "FILE", "The ONNX file; beside the model if not given");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Calibration", folder, samples);
        command.Group("Results", output, json);
        return command.Does(parsed =>
        {
            string path = parsed.GetValue(model) ?? throw new UsageException("say which model: cajal quantize MODEL");
            var saved = SavedModel.Load(path);
            if (saved.Known.File is not null) throw new UsageException($"{path} was trained on a table; networks of tables are too small to gain by 8 bits.");
            var data = LearningProblem.Find(saved.Known.Data).Load(parsed.GetValue(folder), saved.Known.Seed);
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(path, null) + ".int8.onnx";
            var calibration = data.Train.Take(parsed.GetValue(samples) ?? UsualSamples).ToBatch().Inputs;
            try
            {
                OnnxQuantiser.Save(saved.Net, calibration.Split(Batch), target, new() { Notes = OnnxNetwork.NotesOf(saved) });
            }
            catch (NotSupportedException problem)
            {
                throw new UsageException($"{path} cannot be quantised: {problem.Message}");
            }
            var small = OnnxModel.Load(target, new() { Trainable = false });
            Report(terminal, saved, small, data.Test, target, parsed.GetValue(json));
            return ExitCode.Ok;
        });
    }

    private static void Report(Terminal terminal, SavedModel saved, OnnxModel small, Dataset test, string target, bool json)
    {
        double Figure(Module net) => Metrics.Measure(net, test) is var result && result.Accuracy is { } accuracy ? accuracy : result.Loss;
        string name = test.Task == LearningTask.Classification ? "test_accuracy" : "test_loss";
        double before = Figure(saved.Net), after = Figure(small);
        var one = Times(saved.Net, small, test.Take(1).ToBatch().Inputs);
        var many = Times(saved.Net, small, test.Take(Math.Min(Batch, test.Count)).ToBatch().Inputs);
        long bytes = saved.Net.StateDict().Values.Sum(tensor => (long)tensor.Count * tensor.DType.Size), smallBytes = new FileInfo(target).Length;
        if (json)
        {
            JsonLines.Write(terminal, "end", writer =>
            {
                writer.WriteString("model", Path.GetFullPath(target));
                writer.WriteFinite($"float_{name}", before);
                writer.WriteFinite($"int8_{name}", after);
                writer.WriteFinite("float_ms_1", one.Float);
                writer.WriteFinite("int8_ms_1", one.Whole);
                writer.WriteFinite($"float_ms_{Batch}", many.Float);
                writer.WriteFinite($"int8_ms_{Batch}", many.Whole);
                writer.WriteNumber("float_bytes", bytes);
                writer.WriteNumber("int8_bytes", smallBytes);
            });
            return;
        }
        var table = new TextTable("", "float32", "int8");
        table.Add(name.Replace('_', ' '), Real(before), Real(after));
        table.Add("ms, one sample", Real(one.Float), Real(one.Whole));
        table.Add($"ms, {Batch} samples", Real(many.Float), Real(many.Whole));
        table.Add("bytes", bytes.ToString("N0", CultureInfo.InvariantCulture), smallBytes.ToString("N0", CultureInfo.InvariantCulture));
        foreach (string line in table.Lines(terminal.Paint)) terminal.Output.WriteLine(line);
        terminal.Output.WriteLine(Path.GetFullPath(target));
    }

    /// <summary>The median time of one pass of each, taken in turns.</summary>
    private static (double Float, double Whole) Times(Module net, OnnxModel small, Tensor x)
    {
        using var plain = new NoGrad();
        List<double> first = [], second = [];
        var clock = Stopwatch.StartNew();
        while (first.Count < 10 || clock.Elapsed.TotalSeconds < MeasuredSeconds)
        {
            first.Add(Pass(net, x));
            second.Add(Pass(small, x));
        }
        first.Sort();
        second.Sort();
        return (first[first.Count / 2], second[second.Count / 2]);

        static double Pass(Module net, Tensor x)
        {
            long start = Stopwatch.GetTimestamp();
            net.Call(x);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static string Real(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
