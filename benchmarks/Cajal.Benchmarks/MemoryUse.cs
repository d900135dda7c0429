using System.Diagnostics;

namespace Cajal.Benchmarks;

/// <summary>
/// What a training workload needs in memory over many steps, in a process of its own. One JSON line:
/// <list type="bullet">
/// <item>"live": the bytes somebody can still reach when everything a step keeps is there: parameters, optimiser state, batch, and what the forward pass keeps for the backward pass, found by a full
/// collection between the two; and the gradients, which are the size of the parameters. Tensors count with their own length, not that of their buffers. Other objects count by what the heap holds more
/// than before the network was made.</item>
/// <item>"base": resident memory before the network is made, when a small one has loaded the library; the runtime itself.</item>
/// <item>"peak", "final": resident memory, the highest that the system saw, and behind the last step.</item>
/// <item>"ratio": peak to base plus live. "own_ratio": what the peak is above the base, to the live set alone.</item>
/// <item>"growth": mean resident memory over the last tenth of the measured steps to that over the first tenth, less one. A warm-up of a twentieth of the steps goes before, longer if the collector has
/// not run twice by then: it first lets young objects fill its budget.</item>
/// <item>"pool", "heap": what the pool holds in buffers behind the last step, used and free, and what the collector had taken from the system at its last collection, those buffers included.</item>
/// <item>"gc": the share of time that the collector stopped the program; "collections": of any generation per 1000 steps, "full" of the oldest; "allocated": managed bytes of a step.</item>
/// <item>"steps": measured; fewer than "wanted" if the time given for the workload was over.</item>
/// </list>
/// </summary>
internal static class MemoryUse
{
    private const int LoadingSteps = 50, WarmUpShare = 20, WarmUpCollections = 2;

    /// <summary>Asking the system takes some 20 µs, a hundredth of this.</summary>
    private const double SecondsPerSample = 0.002;

    internal static void Run(TrainingWorkload workload, int threads, int wanted, double seconds)
    {
        var first = TrainingWorkloads.All[0].Make();
        for (int i = 0; i < LoadingSteps; i++) first.Run();
        long small = SmallObjects(), atStart = Environment.WorkingSet;

        var step = workload.Make();
        var clock = Stopwatch.StartNew();
        int young = GC.CollectionCount(0), full;
        for (int i = 0; (i < wanted / WarmUpShare || GC.CollectionCount(0) < young + WarmUpCollections) && clock.Elapsed.TotalSeconds < seconds / WarmUpShare; i++) step.Run();
        int done = 0;
        var resident = new List<(int Step, long Bytes)>();
        double sampled = double.NegativeInfinity;
        long allocated = GC.GetTotalAllocatedBytes();
        (young, full) = (GC.CollectionCount(0), GC.CollectionCount(2));
        var paused = GC.GetTotalPauseDuration();
        clock.Restart();
        while (done < wanted && clock.Elapsed.TotalSeconds < seconds)
        {
            step.Run();
            done++;
            if (clock.Elapsed.TotalSeconds < sampled + SecondsPerSample) continue;
            resident.Add((done, Environment.WorkingSet));
            sampled = clock.Elapsed.TotalSeconds;
        }
        var elapsed = clock.Elapsed;
        resident.Add((done, Environment.WorkingSet));
        double collecting = (GC.GetTotalPauseDuration() - paused) / elapsed;
        allocated = (GC.GetTotalAllocatedBytes() - allocated) / done;
        (young, full) = (GC.CollectionCount(0) - young, GC.CollectionCount(2) - full);
        long final = Environment.WorkingSet, peak = Process.GetCurrentProcess().PeakWorkingSet64, pool = BufferPool.Shared.UsedBytes + BufferPool.Shared.FreeBytes;

        long live = LiveSet(step, small);
        JsonLine.Print(
            ("name", workload.Name), ("benchmark", "memory"), ("engine", "cajal"), ("threads", threads), ("steps", done), ("wanted", wanted), ("ms", elapsed.TotalMilliseconds / done),
            ("live", live), ("base", atStart), ("peak", peak), ("final", final), ("pool", pool), ("heap", GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes), ("ratio", (double)peak / (atStart + live)), ("own_ratio", (double)(peak - atStart) / live),
            ("growth", Growth(resident, done)), ("gc", collecting), ("collections", young * 1e3 / done), ("full", full * 1e3 / done), ("allocated", allocated));
        GC.KeepAlive(first);
    }

    private static long LiveSet(TrainingStep step, long smallBefore)
    {
        var loss = step.Forward();
        long live = BufferPool.Shared.ReachableBytes() + SmallObjects() - smallBefore + step.ParameterBytes;
        GC.KeepAlive(loss);
        return live;
    }

    /// <summary>What the managed heap holds besides the buffers of the pool.</summary>
    private static long SmallObjects()
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        return managed - BufferPool.Shared.UsedBytes - BufferPool.Shared.FreeBytes;
    }

    private static double Growth(List<(int Step, long Bytes)> resident, int steps) =>
        resident.Where(sample => sample.Step >= steps * 0.9).Average(sample => sample.Bytes) / resident.Where(sample => sample.Step <= Math.Max(1, steps / 10)).Average(sample => sample.Bytes) - 1;
}
