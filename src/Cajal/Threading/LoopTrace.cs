using System.Runtime.CompilerServices;

namespace Cajal.Threading;

/// <summary>Notes which loops this thread runs, until it is disposed. Every kernel loops with a body of its own, so their types tell which kernel a shape was given to.</summary>
internal sealed class LoopTrace : IDisposable
{
    private static volatile int active;

    [ThreadStatic]
    private static LoopTrace? current;

    private readonly LoopTrace? outer = current;
    private readonly HashSet<Type> seen = [];
    private readonly List<Type> bodies = [];

    internal LoopTrace()
    {
        current = this;
        Interlocked.Increment(ref active);
    }

    /// <summary>Whether anybody listens on any thread; the one thing that is looked at when nobody does.</summary>
    internal static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => active != 0;
    }

    /// <summary>The bodies in the order of their first loop, each once.</summary>
    internal IReadOnlyList<Type> Bodies => bodies;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Note(Type body)
    {
        if (current is { } trace && trace.seen.Add(body)) trace.bodies.Add(body);
    }

    public void Dispose()
    {
        current = outer;
        Interlocked.Decrement(ref active);
    }
}
