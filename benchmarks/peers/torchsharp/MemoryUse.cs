using System.Diagnostics;

namespace Cajal.Peers;

/// <summary>Resident memory over many training steps, each workload in a process of its own; the fields are those of the benchmark of the same name in Cajal.Benchmarks.</summary>
internal static class MemoryUse
{
    private const int LoadingSteps = 50, WarmUpShare = 20;
    private const double SecondsPerSample = 0.002;

    internal static int Run(int threads, int wanted, double seconds, string only, string one)
    {
        if (one.Length > 0)
        {
            Measure(one, threads, wanted, seconds);
            return 0;
        }
        foreach (string name in Networks.Workloads.Keys.Where(name => name.StartsWith(only, StringComparison.Ordinal)))
        {
            using var process = Process.Start(Environment.ProcessPath!, ["memory", "--one", name, "--threads", $"{threads}", "--steps", $"{wanted}", "--seconds", $"{seconds}"]);
            process.WaitForExit();
            if (process.ExitCode != 0) return process.ExitCode;
        }
        return 0;
    }

    private static void Measure(string name, int threads, int wanted, double seconds)
    {
        var first = Networks.Workloads["train/playground-2-4-2-1-b10"]();
        for (int i = 0; i < LoadingSteps; i++) first();
        long atStart = Environment.WorkingSet;
        var step = Networks.Workloads[name]();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < wanted / WarmUpShare && clock.Elapsed.TotalSeconds < seconds / WarmUpShare; i++) step();
        int done = 0;
        double sampled = double.NegativeInfinity;
        var resident = new List<(int Step, long Bytes)>();
        clock.Restart();
        while (done < wanted && clock.Elapsed.TotalSeconds < seconds)
        {
            step();
            done++;
            if (clock.Elapsed.TotalSeconds < sampled + SecondsPerSample) continue;
            resident.Add((done, Environment.WorkingSet));
            sampled = clock.Elapsed.TotalSeconds;
        }
        resident.Add((done, Environment.WorkingSet));
        double milliseconds = clock.Elapsed.TotalMilliseconds / done;
        double growth = resident.Where(sample => sample.Step >= done * 0.9).Average(sample => sample.Bytes) / resident.Where(sample => sample.Step <= Math.Max(1, done / 10)).Average(sample => sample.Bytes) - 1;
        Console.WriteLine($"{{\"name\":\"{name}\",\"benchmark\":\"memory\",\"engine\":\"torchsharp-libtorch\",\"threads\":{threads},\"steps\":{done},\"wanted\":{wanted},\"ms\":{milliseconds:F4},"
            + $"\"base\":{atStart},\"peak\":{Process.GetCurrentProcess().PeakWorkingSet64},\"final\":{Environment.WorkingSet},\"growth\":{growth:F5}}}");
    }
}
