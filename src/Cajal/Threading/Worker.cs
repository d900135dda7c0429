using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cajal.Threading;

/// <summary>One background thread and the range offered to it. It spins briefly for the next offer, then parks at no CPU cost.</summary>
/// <remarks>
/// The offer is a three-state word. The owner of the pool moves Idle → Offered; whoever swaps Offered away runs the range: the thread
/// (Offered → Running → Idle), or the owner itself when the thread has not woken in time (Offered → Idle). So a late thread
/// never sees a finished job, and a small loop never waits for a sleeping one.
/// </remarks>
internal sealed unsafe class Worker
{
    private const int Idle = 0, Offered = 1, Running = 2;

    private const int TurnsPerYield = 16;

    // Long enough to stay awake between the kernels of one training step, short enough to go unnoticed on a laptop.
    private static readonly long SpinTicks = Stopwatch.Frequency * 200 / 1_000_000;

    private readonly AutoResetEvent wake = new(false);
    private PaddedState state;
    private void* body;
    private delegate*<void*, int, int, void> invoke;
    private int start, end;
    private Exception? failure;

    internal Worker(int index)
    {
        // Unsafe start: a pool thread must not keep the first caller's AsyncLocals alive.
        new Thread(Loop) { IsBackground = true, Name = $"Cajal worker {index}" }.UnsafeStart();
    }

    internal void Offer(void* body, delegate*<void*, int, int, void> invoke, int start, int end)
    {
        this.body = body;
        this.invoke = invoke;
        this.start = start;
        this.end = end;
        // A full fence: the offer must be visible before the parked flag is read, or both sides could miss each other.
        Interlocked.Exchange(ref state.Offer, Offered);
        if (Volatile.Read(ref state.Parked) != 0) { wake.Set(); }
    }

    /// <summary>Takes the range back if the thread has not started it. The caller must then run it.</summary>
    internal bool TryReclaim() => Interlocked.CompareExchange(ref state.Offer, Idle, Offered) == Offered;

    /// <summary>Waits until the thread has finished the range, and returns what it threw.</summary>
    internal Exception? Join()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref state.Offer) != Idle)
        {
            // Past the deadline the machine is probably short of cores: let the thread we wait for have ours.
            if (Stopwatch.GetTimestamp() < deadline) { Thread.SpinWait(4); } else { Thread.Yield(); }
        }
        Exception? thrown = failure;
        failure = null;
        return thrown;
    }

    private void Loop()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref state.Offer, Running, Offered) == Offered)
            {
                try { invoke(body, start, end); }
                catch (Exception error) { failure = error; }
                Volatile.Write(ref state.Offer, Idle);
            }
            AwaitOffer();
        }
    }

    private void AwaitOffer()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        for (int turn = 1; Volatile.Read(ref state.Offer) != Offered; turn++)
        {
            if (Stopwatch.GetTimestamp() < deadline)
            {
                // A collection can stop a thread only where it leaves managed code for a moment: without that it would wait for the end of the spin.
                if (turn % TurnsPerYield == 0) { Thread.Yield(); } else { Thread.SpinWait(4); }
                continue;
            }
            Interlocked.Exchange(ref state.Parked, 1);
            if (Volatile.Read(ref state.Offer) != Offered) { wake.WaitOne(); }
            Volatile.Write(ref state.Parked, 0);
            deadline = Stopwatch.GetTimestamp() + SpinTicks;
        }
    }

    /// <summary>The two contended words, alone on their cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedState
    {
        [FieldOffset(64)] public int Offer;
        [FieldOffset(128)] public int Parked;
    }
}
