using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Cajal.Cli;

/// <summary>
/// Shows training: a bar on a terminal, a line per epoch otherwise, NDJSON when asked. Progress goes to standard error, results to standard output.
/// </summary>
internal sealed class TrainingReport(bool json, string title, Dataset train, Dataset test) : IProgress<TrainingProgress>
{
    private const int MistakesShown = 4;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly bool live = !json && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
    private long lastDrawn;

    internal void Start(string data, string model, int seed, int epochs, Module net)
    {
        if (json)
        {
            Emit(writer =>
            {
                writer.WriteString("event", "start");
                writer.WriteNumber("schema", 1);
                writer.WriteString("data", data);
                writer.WriteString("model", model);
                writer.WriteNumber("seed", seed);
                writer.WriteNumber("epochs", epochs);
                writer.WriteNumber("parameters", net.ParameterCount);
            });
            return;
        }
        Console.Error.WriteLine($"Cajal · {title}");
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} samples to learn from, {test.Count:N0} held out"));
        Console.Error.WriteLine(net);
    }

    public void Report(TrainingProgress value)
    {
        if (!live || Stopwatch.GetElapsedTime(lastDrawn).TotalMilliseconds < 100) return;
        lastDrawn = Stopwatch.GetTimestamp();
        double share = (double)value.SamplesDone / value.Samples, whole = (value.Epoch - 1 + share) / value.Epochs;
        var left = whole > 0 ? clock.Elapsed * ((1 - whole) / whole) : TimeSpan.Zero;
        int filled = (int)(share * 20);
        double speed = ((value.Epoch - 1.0) * value.Samples + value.SamplesDone) / clock.Elapsed.TotalSeconds;
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\rEpoch {value.Epoch}/{value.Epochs} {new string('━', filled)}{new string('─', 20 - filled)} {share,4:P0}  {speed:N0} samples/s  ETA {left:m\\:ss}  loss {value.Loss:F4} "));
    }

    internal void Epoch(EpochResult result)
    {
        if (json)
        {
            Emit(writer =>
            {
                writer.WriteString("event", "epoch");
                writer.WriteNumber("epoch", result.Epoch);
                writer.WriteNumber("loss", result.Loss);
                writer.WriteNumber("learning_rate", result.LearningRate);
                writer.WriteNumber("seconds", result.Elapsed.TotalSeconds);
            });
            return;
        }
        string line = string.Create(CultureInfo.InvariantCulture, $"epoch {result.Epoch,4}  loss {result.Loss:F4}  lr {result.LearningRate:E1}  {result.Elapsed.TotalSeconds:F2} s");
        Console.Error.WriteLine(live ? "\r" + line.PadRight(90) : line);
    }

    internal void Interrupted(int completed, string? command)
    {
        if (live) Console.Error.WriteLine();
        Console.Error.WriteLine(command is null ? "Interrupted before the first epoch was complete; nothing to save." : $"Interrupted after {completed} epochs, which are saved. To go on:\n  {command}");
    }

    internal void End(Evaluation result, string modelPath, string next)
    {
        if (json)
        {
            Emit(writer =>
            {
                writer.WriteString("event", "end");
                writer.WriteNumber("test_loss", result.Loss);
                if (result.Accuracy is { } accuracy) writer.WriteNumber("test_accuracy", accuracy);
                if (result.R2 is { } r2) writer.WriteNumber("test_r2", r2);
                if (result.Rmse is { } rmse) writer.WriteNumber("test_rmse", rmse);
                writer.WriteNumber("seconds", clock.Elapsed.TotalSeconds);
                writer.WriteString("model", modelPath);
            });
            return;
        }
        EvaluationReport.Print(result, test);
        if (result.Predicted is { } predicted && train.InputShape.Count == 3) Mistakes(predicted);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time {clock.Elapsed.TotalSeconds:F1} s"));
        Console.WriteLine($"model {modelPath}");
        Console.WriteLine($"next  {next}");
    }

    private void Mistakes(int[] predicted)
    {
        var labels = test.Labels.Span;
        int shown = 0;
        for (int i = 0; i < predicted.Length && shown < MistakesShown; i++)
        {
            if (predicted[i] == labels[i]) continue;
            shown++;
            Console.WriteLine($"sample {i}: is {test.Classes![labels[i]]}, taken for {test.Classes[predicted[i]]}");
            Console.Write(ImageText.Draw(test[i].Input));
        }
    }

    private static void Emit(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        Console.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
