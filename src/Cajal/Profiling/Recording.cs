using System.Runtime.CompilerServices;
using Cajal.Autodiff;

namespace Cajal.Profiling;

/// <summary>Where operations say what they do, if anybody listens.</summary>
internal static class Recording
{
    private static volatile int active;

    [ThreadStatic]
    private static Profiler? current;

    /// <summary>Whether any thread is profiled or watched by an <see cref="OpTrace"/>; the one thing that is looked at when none is.</summary>
    internal static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => active != 0;
    }

    /// <summary>This thread's profile.</summary>
    internal static Profiler? Current => current;

    internal static void Begin(Profiler profile)
    {
        current = profile;
        Enter();
    }

    internal static void End(Profiler profile)
    {
        if (current == profile) current = profile.Outer;
        Leave();
    }

    internal static void Enter() => Interlocked.Increment(ref active);

    internal static void Leave() => Interlocked.Decrement(ref active);

    /// <summary>An operation turns to its kernel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Touch() => current?.Recorder.Touch();

    /// <summary>An operation is done, of which the tape saves something.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Op<TSaved>(string op, Tensor output, ReadOnlySpan<Tensor?> inputs, TSaved saved)
    {
        if (OpTrace.IsActive) OpTrace.Note(op, output, inputs, saved);
        current?.Recorder.Op(op, output, inputs);
    }
}
