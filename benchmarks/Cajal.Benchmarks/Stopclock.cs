using System.Diagnostics;
using System.Globalization;

namespace Cajal.Benchmarks;

/// <summary>
/// Times workloads and prints one JSON line each: the median and the least of repetitions of at least 2 ms, after a warm-up of a third of the
/// measuring time and three runs. "limit" is the share of what the machine could do at most, 0 if that is not known;
/// "allocated" the managed bytes of a run, and "gc" the share of time that the collector stopped the program.
/// </summary>
internal sealed class Stopclock(int threads, double seconds, string only, MachineLimits limits)
{
    private const double ShortestRepetition = 0.002;

    internal bool Wants(string name) => name.StartsWith(only, StringComparison.Ordinal);

    /// <param name="name">The name of the workload; skipped unless it is wanted.</param>
    /// <param name="flops">Floating-point operations of one run, 0 if not counted.</param>
    /// <param name="bytes">Bytes one run must read and write, 0 if not counted.</param>
    /// <param name="setup">Makes the operands, outside the measured time.</param>
    /// <param name="body">What is timed.</param>
    internal void Time<T>(string name, double flops, double bytes, Func<T> setup, Action<T> body)
    {
        if (!Wants(name)) return;
        T operands = setup();
        int inner = Math.Max(1, (int)(ShortestRepetition / WarmUp(operands, body)));
        var times = new List<double>();
        long allocated = GC.GetTotalAllocatedBytes(), runs = 0;
        var paused = GC.GetTotalPauseDuration();
        var total = Stopwatch.StartNew();
        while (times.Count < 5 || total.Elapsed.TotalSeconds < seconds)
        {
            var one = Stopwatch.StartNew();
            for (int i = 0; i < inner; i++) body(operands);
            times.Add(one.Elapsed.TotalMilliseconds / inner);
            runs += inner;
        }
        double collecting = (GC.GetTotalPauseDuration() - paused) / total.Elapsed;
        allocated = (GC.GetTotalAllocatedBytes() - allocated) / runs;
        times.Sort();
        double median = times[times.Count / 2];
        Print(name, median, times[0], flops, limits.Share(flops, bytes, median / 1e3), allocated, collecting);
    }

    /// <summary>The two limits as rows of their own.</summary>
    internal void PrintLimits()
    {
        if (Wants("limit/fma")) Print("limit/fma", limits.FmaSeconds * 1e3, limits.FmaSeconds * 1e3, limits.FlopsPerSecond * limits.FmaSeconds, 1, 0, 0);
        if (!Wants("limit/memory")) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"name\":\"limit/memory\",\"threads\":{threads},\"ms\":{limits.CopySeconds * 1e3:G6},\"min_ms\":{limits.CopySeconds * 1e3:G6},\"gbytes\":{limits.BytesPerSecond / 1e9:F1}}}"));
    }

    private void Print(string name, double median, double least, double flops, double share, long allocated, double collecting) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"name\":\"{name}\",\"threads\":{threads},\"ms\":{median:G6},\"min_ms\":{least:G6},\"gflops\":{(flops > 0 ? flops / median / 1e6 : 0):F1},\"limit\":{share:F3},\"allocated\":{allocated},\"gc\":{collecting:F4}}}"));

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
