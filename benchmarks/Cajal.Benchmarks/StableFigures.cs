using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Cajal.Threading;

namespace Cajal.Benchmarks;

/// <summary>
/// Figures that are the same in every run on every machine with the same vectors, so that a change of one is a change of the code. One JSON line per workload: managed bytes allocated and buffers handed
/// out in a training step, the nodes of its tape, the bytes its operations read and write (see <see cref="Traffic"/>), and which kernels ran, in the order of their first loop.
/// </summary>
/// <remarks>Allocations are stable only where all code is compiled once and for all: set <c>DOTNET_TieredCompilation=0</c>.</remarks>
internal static class StableFigures
{
    private const int WarmUp = 12, Rounds = 5, StepsPerRound = 3;

    /// <summary>What the kernels were compiled for.</summary>
    internal static string Tier => Vector512.IsHardwareAccelerated ? "avx512" : Avx2.IsSupported ? "avx2" : "other";

    internal static void Run(int threads, string only)
    {
        JsonLine.Print(("name", "tier"), ("vectors", Tier), ("threads", threads));
        foreach (var workload in TrainingWorkloads.All)
        {
            if (workload.Name.StartsWith(only, StringComparison.Ordinal)) Step(workload);
        }
        var watch = new KernelWatch(only);
        KernelWorkloads.Products(watch);
        ConvolutionWorkloads.Run(watch);
    }

    private static void Step(TrainingWorkload workload)
    {
        var step = workload.Make();
        for (int i = 0; i < WarmUp; i++) step.Run();
        long allocated = long.MaxValue, handedOut = BufferPool.Shared.HandedOut;
        for (int round = 0; round < Rounds; round++)
        {
            // The least of several rounds: now and then a list grows.
            long before = WithoutBuffers();
            for (int i = 0; i < StepsPerRound; i++) step.Run();
            allocated = Math.Min(allocated, (WithoutBuffers() - before) / StepsPerRound);
        }
        handedOut = (BufferPool.Shared.HandedOut - handedOut) / (Rounds * StepsPerRound);
        long moved = Traffic.Of(step, out int nodes);
        using var trace = new LoopTrace();
        step.Run();
        JsonLine.Print(("name", workload.Name), ("allocated", allocated), ("buffers", handedOut), ("nodes", nodes), ("moved", moved), ("kernels", KernelNames.Of(trace)));
    }

    /// <summary>Managed bytes allocated so far. When the pool needs a new buffer depends on when storages are found unreachable, so its buffers are left out.</summary>
    private static long WithoutBuffers() => GC.GetTotalAllocatedBytes(precise: true) - BufferPool.Shared.NewBytes;
}
