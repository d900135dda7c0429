using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Cajal.Benchmarks;

/// <summary>
/// Imported networks side by side with ONNX Runtime: the same file, the same input, each engine in a process of its own, in turns. In one process the workers of one would go on waiting on their
/// processors while the other is timed. One JSON line each: median milliseconds of a pass, and how many times faster Cajal is.
/// </summary>
internal static class OnnxComparison
{
    internal const string Cajal = "cajal", OnnxRuntime = "onnxruntime";
    private const double ShortestRepetition = 0.002;
    private const int Rounds = 3;

    internal static void Run(int threads, double seconds, string only)
    {
        string folder = Directory.CreateTempSubdirectory("cajal-onnx-").FullName;
        try
        {
            foreach (var (name, net, sample) in new (string, Module, int[])[] { ("mlp-784-256-128-10", Networks.Mlp(), [784]), ("cnn-32-64-fc128", Networks.Cnn(dropout: false), [1, 28, 28]), ("lenet5", Networks.LeNet5(), [1, 28, 28]) })
            {
                string path = Path.Combine(folder, name + ".onnx"), small = Path.Combine(folder, name + ".int8.onnx");
                OnnxExporter.Save(net, Tensor.Zeros([2, .. sample]), path);
                OnnxQuantiser.Save(net, [Tensor.Uniform([64, .. sample])], small);
                foreach (int batch in new[] { 1, 64 })
                {
                    if ($"onnx/{name}-b{batch}".StartsWith(only, StringComparison.Ordinal)) Compare($"onnx/{name}-b{batch}", path, [batch, .. sample], threads, seconds);
                    if ($"onnx/{name}-int8-b{batch}".StartsWith(only, StringComparison.Ordinal)) Compare($"onnx/{name}-int8-b{batch}", small, [batch, .. sample], threads, seconds);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(string name, string path, int[] shape, int threads, double seconds)
    {
        List<double> own = [], other = [];
        for (int round = 0; round < Rounds; round++)
        {
            own.Add(Ask(Cajal));
            other.Add(Ask(OnnxRuntime));
        }
        double ownMedian = Median(own), otherMedian = Median(other);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"{name}\",\"threads\":{threads},\"ms\":{ownMedian:G4},\"onnxruntime_ms\":{otherMedian:G4},\"times_faster\":{otherMedian / ownMedian:F2}}}"));

        double Ask(string engine)
        {
            var start = OwnProcesses.Own("onnx", "--engine", engine, "--model", path, "--shape", string.Join('x', shape), "--threads", OwnProcesses.Text(threads), "--seconds", OwnProcesses.Text(seconds));
            start.RedirectStandardOutput = true;
            using var process = Process.Start(start)!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? double.Parse(text, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{engine} failed on {path}.");
        }
    }

    /// <summary>Times one engine in this process and prints milliseconds.</summary>
    internal static void RunOne(string engine, string path, string shape, int threads, double seconds)
    {
        var x = Tensor.Uniform(Shape.Create([.. shape.Split('x').Select(length => int.Parse(length, CultureInfo.InvariantCulture))]));
        Console.WriteLine((engine == Cajal ? Own(path, x, seconds) : Other(path, x, threads, seconds)).ToString("R", CultureInfo.InvariantCulture));
    }

    private static double Own(string path, Tensor x, double seconds)
    {
        using var plain = new NoGrad();
        var model = OnnxModel.Load(path, new() { Trainable = false });
        return Measure(() => model.Forward(x), seconds);
    }

    private static double Other(string path, Tensor x, int threads, double seconds)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        using var input = OrtValue.CreateTensorValueFromMemory(x.ToArray<float>(), [.. x.Shape.ToArray().Select(length => (long)length)]);
        using var run = new RunOptions();
        string[] inputs = [.. session.InputNames], outputs = [.. session.OutputNames];
        OrtValue[] values = [input];
        return Measure(() => session.Run(run, inputs, values, outputs).Dispose(), seconds);
    }

    private static double Measure(Action run, double seconds)
    {
        int runs = WarmUp(run, seconds);
        List<double> times = [];
        var total = Stopwatch.StartNew();
        while (times.Count < 5 || total.Elapsed.TotalSeconds < seconds) times.Add(Time(run, runs));
        return Median(times);
    }

    /// <summary>Runs until everything is compiled; how many runs make one repetition.</summary>
    private static int WarmUp(Action run, double seconds)
    {
        var clock = Stopwatch.StartNew();
        int runs = 0;
        while (runs < 3 || clock.Elapsed.TotalSeconds < seconds)
        {
            run();
            runs++;
        }
        return Math.Max(1, (int)(ShortestRepetition * runs / clock.Elapsed.TotalSeconds));
    }

    private static double Time(Action run, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++) run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
