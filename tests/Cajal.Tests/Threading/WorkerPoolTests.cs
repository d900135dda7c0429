using System.Runtime.CompilerServices;
using Cajal.Threading;

namespace Cajal.Tests.Threading;

[Collection(nameof(Compute.Threads))]
public sealed unsafe class WorkerPoolTests : IDisposable
{
    private readonly int threadsBefore = Compute.Threads;

    public void Dispose() => Compute.Threads = threadsBefore;

    /// <summary>Adds one to each index it is given, and counts the ranges.</summary>
    private struct Visit : IRangeBody
    {
        public int* Counts;
        public int* Ranges;
        public int Align;
        public int Count;
        public bool SawMisalignedRange;

        public void Invoke(int start, int end)
        {
            Interlocked.Increment(ref *Ranges);
            if (start % Align != 0 || (end != Count && end % Align != 0)) { SawMisalignedRange = true; }
            for (int i = start; i < end; i++) { Counts[i]++; }
        }
    }

    [Theory]
    [InlineData(0, 1, 1, 3)]
    [InlineData(1, 1, 1, 3)]
    [InlineData(2, 1, 1, 3)]
    [InlineData(7, 1, 1, 16)]
    [InlineData(100, 30, 1, 8)]
    [InlineData(100, 7, 8, 5)]
    [InlineData(1003, 16, 16, 7)]
    public void EveryIndexIsVisitedOnceInAlignedRanges(int count, int grain, int align, int threads)
    {
        Compute.Threads = threads;
        int* counts = stackalloc int[count + 1];
        new Span<int>(counts, count + 1).Clear();
        int ranges = 0;
        var body = new Visit { Counts = counts, Ranges = &ranges, Align = align, Count = count };

        WorkerPool.For(count, grain, align, ref body);

        for (int i = 0; i < count; i++) { Assert.Equal(1, counts[i]); }
        Assert.Equal(0, counts[count]);
        Assert.False(body.SawMisalignedRange);
        Assert.InRange(ranges, count == 0 ? 0 : 1, threads);
    }

    [Fact]
    public void RangesAreNeverShorterThanTheGrain()
    {
        for (int count = 1; count < 200; count++)
        {
            foreach ((int grain, int align, int threads) in new[] { (1, 1, 4), (10, 1, 8), (10, 4, 8), (3, 8, 5), (64, 16, 3) })
            {
                int parts = WorkerPool.Parts(count, grain, align, threads);
                Assert.InRange(parts, 1, threads);
                if (parts == 1) { continue; }
                for (int part = 0; part < parts; part++)
                {
                    int length = WorkerPool.Boundary(count, align, part + 1, parts) - WorkerPool.Boundary(count, align, part, parts);
                    Assert.True(length >= grain, $"count {count}, grain {grain}, align {align}: range {part} of {parts} has {length}");
                }
            }
        }
    }

    private struct Rendezvous : IRangeBody
    {
        public int* Arrived;

        // Ends only when two ranges are inside at once, which one thread alone can never bring about.
        public readonly void Invoke(int start, int end)
        {
            Interlocked.Increment(ref *Arrived);
            long deadline = Environment.TickCount64 + 10_000;
            while (Volatile.Read(ref *Arrived) < 2)
            {
                if (Environment.TickCount64 > deadline) { throw new TimeoutException("the other range never started"); }
                Thread.Yield();
            }
        }
    }

    [Fact]
    public void TwoRangesReallyRunAtTheSameTime()
    {
        Compute.Threads = 2;
        // Twice, with a pause that parks the worker: waking it must work too.
        for (int round = 0; round < 2; round++)
        {
            int arrived = 0;
            var body = new Rendezvous { Arrived = &arrived };
            // The caller takes range 0 first, and waits inside it until the worker has taken range 1.
            WorkerPool.For(2, 1, ref body);
            Assert.Equal(2, arrived);
            Thread.Sleep(20);
        }
    }

    private struct Failing : IRangeBody
    {
        public int FailFrom;
        public int* Finished;

        public readonly void Invoke(int start, int end)
        {
            if (end > FailFrom) { throw new InvalidOperationException($"range ending at {end}"); }
            Interlocked.Add(ref *Finished, end - start);
        }
    }

    [Theory]
    [InlineData(0, 0, "range ending at 10")]
    [InlineData(35, 30, "range ending at 40")]
    public void TheFirstExceptionReachesTheCallerAfterAllRangesEnded(int failFrom, int finished, string message)
    {
        Compute.Threads = 4;
        int count = 0;
        var body = new Failing { FailFrom = failFrom, Finished = &count };
        var error = Assert.Throws<InvalidOperationException>(() => WorkerPool.For(40, 1, ref Unsafe.AsRef(in body)));
        Assert.Equal(message, error.Message);
        Assert.Equal(finished, count);

        // The pool is free again and carries no stale exception.
        var next = new Failing { FailFrom = 1000, Finished = &count };
        WorkerPool.For(40, 1, ref next);
        Assert.Equal(finished + 40, count);
    }

    private struct Nested : IRangeBody
    {
        public int* Total;

        public readonly void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                var inner = new Sum { Total = Total };
                WorkerPool.For(100, 1, ref inner);
            }
        }
    }

    private struct Sum : IRangeBody
    {
        public int* Total;

        public readonly void Invoke(int start, int end) => Interlocked.Add(ref *Total, end - start);
    }

    [Fact]
    public void ALoopInsideALoopRunsSerially()
    {
        Compute.Threads = 3;
        int total = 0;
        var body = new Nested { Total = &total };
        WorkerPool.For(12, 1, ref body);
        Assert.Equal(1200, total);
    }

    [Fact]
    public void SeveralCallersAndChangingThreadsLoseNothing()
    {
        const int callers = 4, rounds = 3000;
        var totals = new int[callers];
        var threads = new Thread[callers];
        for (int caller = 0; caller < callers; caller++)
        {
            int me = caller;
            threads[me] = new Thread(() =>
            {
                for (int round = 0; round < rounds; round++)
                {
                    if (me == 0 && round % 16 == 0) { Compute.Threads = 1 + (round / 16 % 5); }
                    int total = 0;
                    var body = new Sum { Total = &total };
                    WorkerPool.For(64 + me, 1, ref body);
                    totals[me] += total;
                }
            });
            threads[me].Start();
        }
        foreach (Thread thread in threads) { Assert.True(thread.Join(60_000), "a caller is stuck"); }
        for (int caller = 0; caller < callers; caller++) { Assert.Equal(rounds * (64 + caller), totals[caller]); }
    }

    [Fact]
    public void ALoopAllocatesNothing()
    {
        Compute.Threads = 2;
        int total = 0;
        var body = new Sum { Total = &total };
        WorkerPool.For(100, 1, ref body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) { WorkerPool.For(100, 1, ref body); }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 12 ", 12)]
    [InlineData("1024", 1024)]
    public void TheEnvironmentSetsTheThreads(string text, int threads) => Assert.Equal(threads, Compute.Parse(text));

    [Fact]
    public void AnUnsetEnvironmentMeansOneThreadPerProcessor()
    {
        Assert.Equal(Environment.ProcessorCount, Compute.Parse(null));
        Assert.Equal(Environment.ProcessorCount, Compute.Parse(" "));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("two")]
    [InlineData("1.5")]
    [InlineData("99999")]
    public void ABadEnvironmentValueIsNamedInTheError(string text)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Compute.Parse(text));
        Assert.Equal("CAJAL_THREADS", error.ParamName);
        Assert.Contains("between 1 and 1024", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void ABadThreadCountIsRefused(int threads)
    {
        int before = Compute.Threads;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Compute.Threads = threads);
        Assert.Contains("between 1 and 1024", error.Message);
        Assert.Equal(before, Compute.Threads);
    }
}
