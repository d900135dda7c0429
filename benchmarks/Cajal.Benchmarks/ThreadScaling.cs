namespace Cajal.Benchmarks;

/// <summary>What more threads bring: every workload that takes long enough for them, on 1 to N threads, one JSON line for each number of threads.</summary>
internal static class ThreadScaling
{
    /// <summary>Below so many milliseconds on one thread, handing work over is a good part of it.</summary>
    private const double Heavy = 0.2;

    internal static void Run(int mostThreads, double seconds, string only) =>
        Workloads.RunAll(new Stopclock([.. Enumerable.Range(1, mostThreads)], seconds, only, Print));

    private static void Print(IReadOnlyList<Measurement> measured)
    {
        if (measured[0].Median < Heavy) return;
        foreach (var m in measured)
        {
            double speedUp = measured[0].Median / m.Median;
            JsonLine.Print(("name", m.Name), ("benchmark", "scaling"), ("threads", m.Threads), ("ms", m.Median), ("speedup", speedUp), ("efficiency", speedUp / m.Threads));
        }
    }
}
