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
    const int Idle = 0, Offered = 1, Running = 2;

    const int TurnsPerYield = 16;

    // Long enough to stay awake between the kernels of one training step, short enough to go unnoticed on a laptop.
    static readonly long SpinTicks = Stopwatch.Frequency * 40 / 1_000_000;

    readonly AutoResetEvent _wake = new(false);
    PaddedState _state;
    void* _body;
    delegate*<void*, int, int, void> _invoke;
    int _start, _end;
    Exception? _error;

    internal Worker(int index)
    {
        // Unsafe start: a pool thread must not keep the first caller's AsyncLocals alive.
        new Thread(Loop) { IsBackground = true, Name = $"Cajal worker {index}" }.UnsafeStart();
    }

    internal void Offer(void* body, delegate*<void*, int, int, void> invoke, int start, int end)
    {
        _body = body;
        _invoke = invoke;
        _start = start;
        _end = end;
        // A full fence: the offer must be visible before the parked flag is read, or both sides could miss each other.
        Interlocked.Exchange(ref _state.Offer, Offered);
        if (Volatile.Read(ref _state.Parked) != 0) { _wake.Set(); }
    }

    /// <summary>Takes the range back if the thread has not started it. The caller must then run it.</summary>
    internal bool TryReclaim() => Interlocked.CompareExchange(ref _state.Offer, Idle, Offered) == Offered;

    /// <summary>Waits until the thread has finished the range, and returns what it threw.</summary>
    internal Exception? Join()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref _state.Offer) != Idle)
        {
            // Past the deadline the machine is probably short of cores: let the thread we wait for have ours.
            if (Stopwatch.GetTimestamp() < deadline) { Thread.SpinWait(4); } else { Thread.Yield(); }
        }
        Exception? error = _error;
        _error = null;
        return error;
    }

    void Loop()
    {
        while (true)
        {
            if (Interlocked.CompareExchange(ref _state.Offer, Running, Offered) == Offered)
            {
                try { _invoke(_body, _start, _end); }
                catch (Exception error) { _error = error; }
                Volatile.Write(ref _state.Offer, Idle);
            }
            AwaitOffer();
        }
    }

    void AwaitOffer()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        for (int turn = 1; Volatile.Read(ref _state.Offer) != Offered; turn++)
        {
            if (Stopwatch.GetTimestamp() < deadline)
            {
                // A collection can stop a thread only where it leaves managed code for a moment: without that it would wait for the end of the spin.
                if (turn % TurnsPerYield == 0) { Thread.Yield(); } else { Thread.SpinWait(4); }
                continue;
            }
            Interlocked.Exchange(ref _state.Parked, 1);
            if (Volatile.Read(ref _state.Offer) != Offered) { _wake.WaitOne(); }
            Volatile.Write(ref _state.Parked, 0);
            deadline = Stopwatch.GetTimestamp() + SpinTicks;
        }
    }

    /// <summary>The two contended words, alone on their cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct PaddedState
    {
        [FieldOffset(64)] public int Offer;
        [FieldOffset(128)] public int Parked;
    }
}
