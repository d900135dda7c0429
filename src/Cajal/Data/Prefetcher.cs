using System.Runtime.ExceptionServices;

namespace Cajal;

/// <summary>
/// Runs a numbered job on a few threads, ahead of the consumer by at most a fixed number of results, and hands the results out in order.
/// </summary>
internal sealed class Prefetcher
{
    private readonly Func<int, Batch> load;
    private readonly int end;
    private readonly (Batch? Batch, ExceptionDispatchInfo? Failure)[] ring;
    private readonly Thread[] threads;
    private readonly object gate = new();
    private int claimed;
    private int consumed;
    private bool started;
    private bool stopped;

    /// <param name="load">Makes result number i; called from the threads, once per number.</param>
    /// <param name="begin">The first number.</param>
    /// <param name="end">One behind the last number.</param>
    /// <param name="workers">Threads; 0 runs the job inside <see cref="Next"/>.</param>
    /// <param name="ahead">Results held at most.</param>
    internal Prefetcher(Func<int, Batch> load, int begin, int end, int workers, int ahead)
    {
        (this.load, this.end, claimed, consumed) = (load, end, begin, begin);
        ring = new (Batch?, ExceptionDispatchInfo?)[ahead];
        threads = new Thread[Math.Min(workers, Math.Max(0, end - begin))];
    }

    /// <summary>The next result, or null behind the last. A failed job throws here, in its turn, and ends the run.</summary>
    internal Batch? Next()
    {
        if (stopped || consumed >= end)
        {
            return null;
        }
        if (threads.Length == 0)
        {
            try
            {
                return load(consumed++);
            }
            catch
            {
                Stop();
                throw;
            }
        }
        Start();
        (Batch? batch, ExceptionDispatchInfo? failure) result;
        lock (gate)
        {
            ref (Batch? Batch, ExceptionDispatchInfo? Failure) slot = ref ring[consumed % ring.Length];
            while (slot.Batch is null && slot.Failure is null)
            {
                Monitor.Wait(gate);
            }
            result = slot;
            slot = default;
            consumed++;
            Monitor.PulseAll(gate);
        }
        if (result.failure is not null)
        {
            Stop();
            result.failure.Throw();
        }
        return result.batch;
    }

    /// <summary>Asks the threads to end after the job at hand. Never blocks on them.</summary>
    internal void Stop()
    {
        lock (gate)
        {
            stopped = true;
            Array.Clear(ring);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until the threads have ended.</summary>
    internal void Join()
    {
        if (started)
        {
            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        }
    }

    /// <summary>Number of threads that still run.</summary>
    internal int Running => started ? threads.Count(t => t.IsAlive) : 0;

    private void Start()
    {
        if (started)
        {
            return;
        }
        started = true;
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = $"Cajal data {i}" };
            threads[i].Start();
        }
    }

    private void Work()
    {
        while (true)
        {
            int ticket;
            lock (gate)
            {
                while (!stopped && claimed < end && claimed >= consumed + ring.Length)
                {
                    Monitor.Wait(gate);
                }
                if (stopped || claimed >= end)
                {
                    return;
                }
                ticket = claimed++;
            }
            (Batch?, ExceptionDispatchInfo?) result;
            try
            {
                result = (load(ticket), null);
            }
            catch (Exception failure)
            {
                result = (null, ExceptionDispatchInfo.Capture(failure));
            }
            lock (gate)
            {
                if (stopped)
                {
                    return;
                }
                ring[ticket % ring.Length] = result;
                Monitor.PulseAll(gate);
            }
        }
    }
}
