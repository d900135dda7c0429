namespace Cajal.Benchmarks;

/// <summary>
/// The yardstick: every named workload as one JSON line, the limits of the machine first. "limit" is the share of what the machine could do at most, 0 if that is not known;
/// "allocated" the managed bytes of a run, and "gc" the share of time that the collector stopped the program.
/// </summary>
internal static class Workloads
{
    internal static void Run(int threads, double seconds, string only)
    {
        var limits = MachineLimits.Measure(threads);
        var watch = new Stopclock([threads], seconds, only, measured => Print(measured[0], limits.Share(measured[0])));
        if (watch.Wants("limit/fma")) Print(new("limit/fma", threads, limits.FmaSeconds * 1e3, limits.FmaSeconds * 1e3, limits.FlopsPerSecond * limits.FmaSeconds, 0, 0, 0), 1);
        if (watch.Wants("limit/memory"))
            JsonLine.Print(("name", "limit/memory"), ("threads", threads), ("ms", limits.CopySeconds * 1e3), ("min_ms", limits.CopySeconds * 1e3), ("gbytes", limits.BytesPerSecond / 1e9));
        RunAll(watch);
    }

    internal static void RunAll(IWatch watch)
    {
        KernelWorkloads.Run(watch);
        ConvolutionWorkloads.Run(watch);
        TrainingWorkloads.Run(watch);
        InferenceWorkloads.Run(watch);
    }

    private static void Print(Measurement m, double share) => JsonLine.Print(
        ("name", m.Name), ("threads", m.Threads), ("ms", m.Median), ("min_ms", m.Least), ("gflops", m.Flops > 0 ? Math.Round(m.Flops / m.Median / 1e6, 1) : 0.0),
        ("limit", Math.Round(share, 3)), ("allocated", m.Allocated), ("gc", Math.Round(m.Collecting, 4)));
}
