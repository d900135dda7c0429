using Cajal.Profiling;

namespace Cajal;

/// <summary>
/// Times the operations of a piece of code with their shapes and the module they belong to: <c>using var profile = Profiler.Start(net); ...; profile.Stop(); Console.WriteLine(profile);</c>
/// Also as a trace for Chrome's viewer. Without a profile an operation costs one look at a flag.
/// </summary>
/// <remarks>
/// It sees the thread it was started on, which waits for the threads that share an operation's work. An operation counts from the moment it turns to its kernel; one that only makes another view
/// takes no time. Modules are seen when they report (see <see cref="Module"/>).
/// </remarks>
public sealed partial class Profiler : IDisposable
{
    private readonly Profiler? outer = Recording.Current;
    private readonly Recorder recorder = new();
    private readonly IDisposable[] watches;
    private IReadOnlyList<ProfiledSpan>? spans;

    private Profiler(Module? net)
    {
        watches = [.. (net?.Modules() ?? []).Select(module => module.OnForward(recorder.Layer))];
        Recording.Begin(this);
    }

    /// <summary>What took time, in the order of its end.</summary>
    /// <exception cref="InvalidOperationException">The profile has not been stopped.</exception>
    public IReadOnlyList<ProfiledSpan> Spans => spans ?? throw new InvalidOperationException("The profile is still running; Stop it first.");

    internal Recorder Recorder => recorder;

    internal Profiler? Outer => outer;

    /// <summary>Begins to time this thread.</summary>
    /// <param name="net">The network whose modules are to be told apart; null to time operations alone.</param>
    public static Profiler Start(Module? net = null) => new(net);

    /// <summary>Ends; the spans can then be read.</summary>
    public void Stop()
    {
        if (spans is not null) return;
        Recording.End(this);
        foreach (var watch in watches) watch.Dispose();
        spans = recorder.Finish();
    }

    /// <summary>Ends.</summary>
    public void Dispose() => Stop();

    /// <summary>Spans of one kind added up by name, the longest first. Layers add up by module; operations inside a rule of the backward pass are part of the rule's time.</summary>
    public IReadOnlyList<ProfiledTotal> Totals(SpanKind kind) =>
        [.. Spans.Where(span => span.Kind == kind && !span.IsInner).GroupBy(span => kind == SpanKind.Layer ? $"{(span.Layer.Length == 0 ? "(network)" : span.Layer)} {span.Name}" : span.Name)
            .Select(group => new ProfiledTotal(kind, group.Key, group.Count(), TimeSpan.FromTicks(group.Sum(span => span.Duration.Ticks)))).OrderByDescending(total => total.Total)];
}
