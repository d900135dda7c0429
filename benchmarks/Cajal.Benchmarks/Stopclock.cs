using System.Diagnostics;

namespace Cajal.Benchmarks;

/// <summary>What a workload took on a number of threads.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Threads">The threads its kernels could use.</param>
/// <param name="Median">Milliseconds of a run.</param>
/// <param name="Least">Milliseconds of the fastest repetition.</param>
/// <param name="Flops">Floating-point operations of a run, 0 if not counted.</param>
/// <param name="Bytes">Bytes a run must read and write, 0 if not counted.</param>
/// <param name="Allocated">Managed bytes of a run.</param>
/// <param name="Collecting">The share of time that the collector stopped the program.</param>
internal sealed record Measurement(string Name, int Threads, double Median, double Least, double Flops, double Bytes, long Allocated, double Collecting);

/// <summary>
/// Times workloads: the median and the least of repetitions of at least 2 ms, after a warm-up of a third of the measuring time and three runs.
/// </summary>
/// <param name="threads">The numbers of threads that each workload runs with.</param>
/// <param name="seconds">Measuring time of a workload.</param>
/// <param name="only">How the names begin of the workloads that are wanted.</param>
/// <param name="report">Given one measurement for each number of threads.</param>
internal sealed class Stopclock(IReadOnlyList<int> threads, double seconds, string only, Action<IReadOnlyList<Measurement>> report) : IWatch
{
    private const double ShortestRepetition = 0.002;

    public bool Wants(string name) => name.StartsWith(only, StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Time<T>(string name, double flops, double bytes, Func<T> setup, Action<T> body)
    {
        if (!Wants(name)) return;
        T operands = setup();
        var measured = new List<Measurement>();
        foreach (int count in threads)
        {
            Compute.Threads = count;
            measured.Add(Measure(name, count, flops, bytes, operands, body));
        }
        report(measured);
    }

    private Measurement Measure<T>(string name, int count, double flops, double bytes, T operands, Action<T> body)
    {
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
        return new(name, count, times[times.Count / 2], times[0], flops, bytes, allocated, collecting);
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
