using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Cajal.Threading;

/// <summary>Runs a loop over contiguous ranges on at most <see cref="Compute.Threads"/> threads, the caller being one of them.</summary>
/// <remarks>
/// No allocation per loop: the body stays on the caller's stack and the workers get its address. One loop owns the pool at a time; a
/// second caller, or a loop inside a loop, runs serially on its own thread, so nothing ever waits for the pool. A body must therefore
/// give the same result however its range is cut.
/// </remarks>
internal static unsafe class WorkerPool
{
    private static Worker[] hired = [];
    private static int busy;

    /// <summary>Runs <paramref name="body"/> over [0, count) in ranges of at least <paramref name="grain"/> indices.</summary>
    internal static void For<TBody>(int count, int grain, ref TBody body)
        where TBody : struct, IRangeBody
        => For(count, grain, 1, ref body);

    /// <summary>As above, with every boundary between two ranges a multiple of <paramref name="align"/>.</summary>
    /// <remarks>When several ranges throw, the exception of the first range is the one rethrown, after all have ended.</remarks>
    internal static void For<TBody>(int count, int grain, int align, ref TBody body)
        where TBody : struct, IRangeBody
    {
        if (count <= 0) { return; }
        if (LoopTrace.IsOn) { LoopTrace.Note(typeof(TBody)); }
        int parts = Parts(count, grain, align, Compute.Threads);
        if (parts == 1 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            body.Invoke(0, count);
            return;
        }
        try
        {
            Run(count, align, parts, ref body);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>How many ranges [0, count) is cut into.</summary>
    internal static int Parts(int count, int grain, int align, int threads)
    {
        long smallest = (long)align * Math.Max(1, (grain + align - 1L) / align);
        return (int)Math.Clamp(count / smallest, 1, threads);
    }

    /// <summary>Where range <paramref name="part"/> of <paramref name="parts"/> starts; it ends where the next one starts.</summary>
    internal static int Boundary(int count, int align, int part, int parts)
    {
        long units = (count + align - 1L) / align;
        return (int)Math.Min(count, units * part / parts * align);
    }

    private static void Run<TBody>(int count, int align, int parts, ref TBody body)
        where TBody : struct, IRangeBody
    {
        EnsureWorkers(parts - 1);
        Worker[] workers = hired;
        // Pinned because `body` may be a field of a heap object.
        fixed (byte* pinned = &Unsafe.As<TBody, byte>(ref body))
        {
            for (int part = 1; part < parts; part++)
            {
                workers[part - 1].Offer(pinned, &Invoke<TBody>, Boundary(count, align, part, parts), Boundary(count, align, part + 1, parts));
            }
            Exception? first = Try(ref body, 0, Boundary(count, align, 1, parts));
            for (int part = 1; part < parts; part++)
            {
                Worker worker = workers[part - 1];
                Exception? error = worker.TryReclaim()
                    ? Try(ref body, Boundary(count, align, part, parts), Boundary(count, align, part + 1, parts))
                    : worker.Join();
                first ??= error;
            }
            if (first is not null) { ExceptionDispatchInfo.Throw(first); }
        }
    }

    private static Exception? Try<TBody>(ref TBody body, int start, int end)
        where TBody : struct, IRangeBody
    {
        try
        {
            body.Invoke(start, end);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static void Invoke<TBody>(void* body, int start, int end)
        where TBody : struct, IRangeBody
        => Unsafe.AsRef<TBody>(body).Invoke(start, end);

    // Only the owner of the pool comes here. Lowering Compute.Threads later leaves the spare workers parked.
    private static void EnsureWorkers(int wanted)
    {
        int have = hired.Length;
        if (have >= wanted) { return; }
        var workers = new Worker[wanted];
        hired.CopyTo(workers, 0);
        for (int i = have; i < wanted; i++) { workers[i] = new Worker(i + 1); }
        hired = workers;
    }
}
