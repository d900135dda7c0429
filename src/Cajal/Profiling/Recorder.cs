using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cajal.Autodiff;

namespace Cajal.Profiling;

/// <summary>Takes down what one thread does.</summary>
internal sealed class Recorder
{
    /// <summary>Inputs of an operation whose shapes are taken down.</summary>
    private const int MostShown = 3;

    private static readonly double TicksPerCount = (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly List<Taken> taken = [];

    /// <summary>Operations and modules whose surrounding module has not reported yet.</summary>
    private readonly List<Unit> open = [];

    private readonly ConditionalWeakTable<Node, string> layers = [];
    private long touched;
    private int rules;

    internal void Touch()
    {
        if (touched == 0) touched = Stopwatch.GetTimestamp();
    }

    internal void Op(string op, Tensor output, ReadOnlySpan<Tensor?> inputs)
    {
        long end = Stopwatch.GetTimestamp(), start = touched == 0 ? end : touched;
        touched = 0;
        if (rules == 0) open.Add(new(taken.Count, start, RuntimeHelpers.GetHashCode(output), output.Node, null));
        var shapes = new List<int[]> { output.Dims };
        foreach (var input in inputs[..Math.Min(MostShown, inputs.Length)]) if (input is not null) shapes.Add(input.Dims);
        taken.Add(new(SpanKind.Op, op, "", start, end, [.. shapes], rules > 0));
    }

    /// <summary>A module has reported: the operations since its input are its own, and what lies inside it is done.</summary>
    internal void Layer(Module module, Tensor input, Tensor output)
    {
        long end = Stopwatch.GetTimestamp(), start = end;
        string path = module.Path, inside = path.Length == 0 ? "" : path + ".";
        int given = RuntimeHelpers.GetHashCode(input);
        for (int at = open.Count - 1; at >= 0; at--)
        {
            var unit = open[at];
            if (unit.Output == given || (unit.Module is { } other && !other.StartsWith(inside, StringComparison.Ordinal))) break;
            open.RemoveAt(at);
            start = Math.Min(start, unit.Start);
            if (unit.Module is not null) continue;
            taken[unit.Index] = taken[unit.Index] with { Layer = path };
            if (unit.Node is { } node) layers.AddOrUpdate(node, path);
        }
        open.Add(new(-1, start, RuntimeHelpers.GetHashCode(output), null, path));
        taken.Add(new(SpanKind.Layer, module.GetType().Name, path, start, end, [output.Dims, input.Dims]));
    }

    internal long BeginRule()
    {
        rules++;
        touched = 0;
        return Stopwatch.GetTimestamp();
    }

    internal void EndRule(Node node, Tensor upstream, long start)
    {
        rules--;
        touched = 0;
        taken.Add(new(SpanKind.Backward, node.Name, layers.TryGetValue(node, out string? layer) ? layer : "", start, Stopwatch.GetTimestamp(), [upstream.Dims]));
    }

    /// <summary>When the engine last began and ended.</summary>
    internal (long Began, long Ended) LastBackward { get; private set; }

    internal void Phase(string name, long start, long end) => taken.Add(new(SpanKind.Phase, name, "", start, end, []));

    internal void Backward(long start, long end)
    {
        LastBackward = (start, end);
        Phase("backward", start, end);
    }

    /// <summary>What was taken down, in time since the beginning.</summary>
    internal IReadOnlyList<ProfiledSpan> Finish() => [.. taken.Select(span =>
        new ProfiledSpan(span.Kind, span.Name, span.Layer, Since(span.Start - began), Since(span.End - span.Start), [.. span.Shapes.Select(dims => new Shape(dims))]) { IsInner = span.IsInner })];

    private static TimeSpan Since(long counts) => TimeSpan.FromTicks((long)(counts * TicksPerCount));

    private readonly record struct Unit(int Index, long Start, int Output, Node? Node, string? Module);

    private sealed record Taken(SpanKind Kind, string Name, string Layer, long Start, long End, int[][] Shapes, bool IsInner = false);
}
