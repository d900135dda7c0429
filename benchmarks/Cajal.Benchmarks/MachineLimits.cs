using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Benchmarks;

/// <summary>What the machine can do at most on a number of threads: multiply-adds on registers, and copies between memories too large for the caches.</summary>
/// <remarks>Written with plain threads and no kernel of the library, so that the yardstick does not depend on what it measures.</remarks>
internal sealed class MachineLimits
{
    private const int CopyBytes = 1 << 27, Rounds = 7, FmaTurns = 4_000_000, Accumulators = 12;

    /// <summary>Operands below this stay in the caches between runs, so that the bandwidth of memory does not bound them.</summary>
    private const double CachedBytes = 1 << 25;

    private MachineLimits(double flopsPerSecond, double bytesPerSecond, double fmaSeconds, double copySeconds) =>
        (FlopsPerSecond, BytesPerSecond, FmaSeconds, CopySeconds) = (flopsPerSecond, bytesPerSecond, fmaSeconds, copySeconds);

    /// <summary>Additions and multiplications of float32, a multiply-add counting as two.</summary>
    internal double FlopsPerSecond { get; }

    /// <summary>Bytes read plus bytes written by a copy.</summary>
    internal double BytesPerSecond { get; }

    internal double FmaSeconds { get; }

    internal double CopySeconds { get; }

    /// <summary>The best of several rounds, since anything else that runs only takes away.</summary>
    internal static MachineLimits Measure(int threads)
    {
        double fma = Best(threads, _ => MultiplyAdd(FmaTurns));
        var from = new byte[threads][];
        var to = new byte[threads][];
        for (int t = 0; t < threads; t++) (from[t], to[t]) = (new byte[CopyBytes], new byte[CopyBytes]);
        double copy = Best(threads, t => from[t].AsSpan().CopyTo(to[t]));
        double flops = 2.0 * Accumulators * FmaTurns * Lanes * threads;
        return new(flops / fma, 2.0 * CopyBytes * threads / copy, fma, copy);
    }

    /// <summary>The share of the tighter limit that a workload reaches; 0 when neither limit is known for it.</summary>
    internal double Share(Measurement measured) =>
        Math.Max(measured.Flops / FlopsPerSecond, measured.Bytes >= CachedBytes ? measured.Bytes / BytesPerSecond : 0) / (measured.Median / 1e3);

    private static int Lanes => Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count;

    private static double Best(int threads, Action<int> work)
    {
        double best = double.MaxValue;
        using var together = new Barrier(threads);
        for (int round = 0; round < Rounds; round++)
        {
            var ends = new long[threads];
            var starts = new long[threads];
            var team = Enumerable.Range(0, threads).Select(t => new Thread(() =>
            {
                together.SignalAndWait();
                starts[t] = Stopwatch.GetTimestamp();
                work(t);
                ends[t] = Stopwatch.GetTimestamp();
            })).ToArray();
            foreach (var thread in team) thread.Start();
            foreach (var thread in team) thread.Join();
            best = Math.Min(best, Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
        }
        return best;
    }

    private static void MultiplyAdd(int turns)
    {
        if (Vector512.IsHardwareAccelerated) MultiplyAdd512(turns); else MultiplyAddVector(turns);
    }

    // Twelve chains hide the latency of a multiply-add, four cycles on two units, and still leave registers for the factors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector512<float> MultiplyAdd512(int turns)
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(0.001f), c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < turns; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, b); c1 = Vector512.FusedMultiplyAdd(c1, a, b); c2 = Vector512.FusedMultiplyAdd(c2, a, b);
            c3 = Vector512.FusedMultiplyAdd(c3, a, b); c4 = Vector512.FusedMultiplyAdd(c4, a, b); c5 = Vector512.FusedMultiplyAdd(c5, a, b);
            c6 = Vector512.FusedMultiplyAdd(c6, a, b); c7 = Vector512.FusedMultiplyAdd(c7, a, b); c8 = Vector512.FusedMultiplyAdd(c8, a, b);
            c9 = Vector512.FusedMultiplyAdd(c9, a, b); c10 = Vector512.FusedMultiplyAdd(c10, a, b); c11 = Vector512.FusedMultiplyAdd(c11, a, b);
        }
        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Vector<float> MultiplyAddVector(int turns)
    {
        Vector<float> a = new(0.999f), b = new(0.001f), c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < turns; i++)
        {
            c0 = Vector.FusedMultiplyAdd(c0, a, b); c1 = Vector.FusedMultiplyAdd(c1, a, b); c2 = Vector.FusedMultiplyAdd(c2, a, b);
            c3 = Vector.FusedMultiplyAdd(c3, a, b); c4 = Vector.FusedMultiplyAdd(c4, a, b); c5 = Vector.FusedMultiplyAdd(c5, a, b);
            c6 = Vector.FusedMultiplyAdd(c6, a, b); c7 = Vector.FusedMultiplyAdd(c7, a, b); c8 = Vector.FusedMultiplyAdd(c8, a, b);
            c9 = Vector.FusedMultiplyAdd(c9, a, b); c10 = Vector.FusedMultiplyAdd(c10, a, b); c11 = Vector.FusedMultiplyAdd(c11, a, b);
        }
        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }
}
