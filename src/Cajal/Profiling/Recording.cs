using System.Runtime.CompilerServices;

namespace Cajal.Profiling;

/// <summary>Where operations say what they do, if anybody listens.</summary>
internal static class Recording
{
    private static volatile int active;

    [ThreadStatic]
    private static Profiler? current;

    /// <summary>Whether any thread records; the one thing that is looked at when none does.</summary>
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
        Interlocked.Increment(ref active);
    }

    internal static void End(Profiler profile)
    {
        if (current == profile) current = profile.Outer;
        Interlocked.Decrement(ref active);
    }

    /// <summary>An operation turns to its kernel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Touch() => current?.Recorder.Touch();

    /// <summary>An operation is done.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Op(string op, Tensor output, Tensor? a, Tensor? b = null, Tensor? c = null) => current?.Recorder.Op(op, output, a, b, c);
}
