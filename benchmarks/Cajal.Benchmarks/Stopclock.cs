using System.Diagnostics;
using System.Globalization;

namespace Cajal.Benchmarks;

/// <summary>
/// Times workloads and prints one JSON line each: the median and the least of repetitions of at least 2 ms, after a warm-up of a third of the
/// measuring time and three runs.
/// </summary>
internal sealed class Stopclock(int threads, double seconds, string only)
{
    private const double ShortestRepetition = 0.002;

    internal bool Wants(string name) => name.StartsWith(only, StringComparison.Ordinal);

    /// <param name="name">The name of the workload; skipped unless it is wanted.</param>
    /// <param name="flops">Floating-point operations of one run, 0 if not counted.</param>
    /// <param name="setup">Makes the operands, outside the measured time.</param>
    /// <param name="body">What is timed.</param>
    internal void Time<T>(string name, double flops, Func<T> setup, Action<T> body)
    {
        if (!Wants(name)) return;
        T operands = setup();
        int inner = Math.Max(1, (int)(ShortestRepetition / WarmUp(operands, body)));
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        while (times.Count < 5 || total.Elapsed.TotalSeconds < seconds)
        {
            var one = Stopwatch.StartNew();
            for (int i = 0; i < inner; i++) body(operands);
            times.Add(one.Elapsed.TotalMilliseconds / inner);
        }
        times.Sort();
        double median = times[times.Count / 2], gflops = flops > 0 ? flops / median / 1e6 : 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"name\":\"{name}\",\"threads\":{threads},\"ms\":{median:G6},\"min_ms\":{times[0]:G6},\"gflops\":{gflops:F1}}}"));
    }

    /// <summary>Runs until the code is compiled and the caches are warm; the mean seconds of a run.</summary>
    private double WarmUp<T>(T operands, Action<T> body)
    {
        var clock = Stopwatch.StartNew();
        int runs = 0;
        while (runs < 3 || clock.Elapsed.TotalSeconds < seconds / 3)
        {
            body(operands);
            runs++;
        }
        return clock.Elapsed.TotalSeconds / runs;
    }
}
