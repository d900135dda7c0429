using System.Diagnostics;
using Cajal.Profiling;

namespace Cajal.Autodiff;

/// <summary>
/// Reverse mode: visits the nodes that a result depends on in reverse order of dependence and adds up gradients.
/// The order is a depth-first post-order of the graph, so it never depends on threads or time.
/// One graph is to be walked by one thread at a time; leaves may be shared between threads.
/// </summary>
internal static class Engine
{
    private static long runs;

    [ThreadStatic]
    private static Workspace? spare;

    private sealed class Workspace
    {
        internal readonly List<Node> Order = [];
        internal readonly Stack<(Node Node, int NextInput)> Path = new();
    }

    /// <summary>Adds the gradient of <paramref name="root"/> to the leaves it depends on.</summary>
    internal static void Backward(Node root, Tensor seed, bool retainGraph, bool createGraph) =>
        Run(root, seed, retainGraph || createGraph, createGraph, null, null);

    /// <summary>The gradients at <paramref name="targets"/> alone; nothing is stored in any leaf.</summary>
    internal static Tensor?[] Gradients(Node root, Tensor seed, Node?[] targets, bool retainGraph, bool createGraph)
    {
        var result = new Tensor?[targets.Length];
        Run(root, seed, retainGraph || createGraph, createGraph, targets, result);
        return result;
    }

    private static void Run(Node root, Tensor seed, bool retain, bool createGraph, Node?[]? targets, Tensor?[]? result)
    {
        var workspace = spare ?? new Workspace();
        spare = null;
        long visit = Interlocked.Increment(ref runs);
        int mode = GradMode.EnterEngine(createGraph);
        var recorder = Recording.IsOn ? Recording.Current?.Recorder : null;
        long began = recorder is null ? 0 : Stopwatch.GetTimestamp();
        try
        {
            if (root.IsLeaf)
            {
                Arrive(root, seed, createGraph, targets, result);
                return;
            }
            Sort(root, visit, workspace);
            root.Pending = seed;
            for (int i = workspace.Order.Count - 1; i >= 0; i--)
            {
                var node = workspace.Order[i];
                var upstream = node.Pending;
                node.Pending = null;
                node.OwnsPending = false;
                if (upstream is null) continue;
                if (node.Hook is { } hook) upstream = hook(upstream) ?? upstream;
                if (targets is not null) Collect(node, upstream, targets, result!);
                else if (node.RetainsGrad) Keep(node, upstream, createGraph);
                var gradients = recorder is null ? node.Propagate(upstream) : Timed(recorder, node, upstream);
                for (int input = 0; input < node.InputCount; input++)
                {
                    if (node.Input(input) is { } next && gradients[input] is { } gradient)
                    {
                        gradient = Fit(gradient, next);
                        if (next.IsLeaf) Arrive(next, gradient, createGraph, targets, result);
                        else AddPending(next, gradient, createGraph);
                    }
                }
                if (!retain) node.Release();
            }
        }
        finally
        {
            GradMode.LeaveEngine(mode);
            recorder?.Backward(began, Stopwatch.GetTimestamp());
            foreach (var node in workspace.Order) node.Pending = null;
            workspace.Order.Clear();
            workspace.Path.Clear();
            spare = workspace;
            if (!retain) BufferPool.Shared.GraphFreed();
        }
    }

    private static InputGradients Timed(Recorder recorder, Node node, Tensor upstream)
    {
        long start = recorder.BeginRule();
        var gradients = node.Propagate(upstream);
        recorder.EndRule(node, upstream, start);
        return gradients;
    }

    private static void Sort(Node root, long visit, Workspace workspace)
    {
        var path = workspace.Path;
        root.Visit = visit;
        path.Push((root, 0));
        while (path.Count > 0)
        {
            var (node, next) = path.Pop();
            if (next == node.InputCount)
            {
                workspace.Order.Add(node);
                continue;
            }
            path.Push((node, next + 1));
            if (node.Input(next) is { IsLeaf: false } input && input.Visit != visit)
            {
                input.Visit = visit;
                path.Push((input, 0));
            }
        }
    }

    /// <summary>Brings a gradient to the shape and dtype of the tensor it belongs to: the one place where broadcasts are undone.</summary>
    private static Tensor Fit(Tensor gradient, Node node)
    {
        if (!ReferenceEquals(gradient.Dims, node.Dims) && !gradient.Dims.AsSpan().SequenceEqual(node.Dims)) gradient = gradient.SumTo(new Shape(node.Dims));
        return gradient.DType == node.DType ? gradient : gradient.Cast(node.DType);
    }

    private static void AddPending(Node node, Tensor gradient, bool createGraph)
    {
        if (node.Pending is null)
        {
            node.Pending = gradient;
            node.OwnsPending = false;
        }
        else if (node.OwnsPending && !createGraph) node.Pending.AddInPlace(gradient);
        else
        {
            node.Pending += gradient;
            node.OwnsPending = true;
        }
    }

    private static void Arrive(Node leaf, Tensor gradient, bool createGraph, Node?[]? targets, Tensor?[]? result)
    {
        if (leaf.Hook is { } hook) gradient = hook(gradient) ?? gradient;
        if (targets is not null) Collect(leaf, gradient, targets, result!);
        else
        {
            lock (leaf) Keep(leaf, gradient, createGraph);
        }
    }

    private static void Keep(Node node, Tensor gradient, bool createGraph)
    {
        if (node.Grad is null)
        {
            // Two leaves may receive the very same tensor (think of a + b): each keeps a buffer of its own.
            bool shared = !gradient.IsContiguous || gradient.Storage.IsGradient;
            node.Grad = shared && !createGraph ? gradient.Clone() : gradient;
            node.Grad.Storage.IsGradient = true;
            node.OwnsGrad = false;
        }
        else if (node.OwnsGrad && !createGraph) node.Grad.AddInPlace(gradient);
        else
        {
            node.Grad += gradient;
            node.Grad.Storage.IsGradient = true;
            node.OwnsGrad = !createGraph;
        }
    }

    private static void Collect(Node node, Tensor gradient, Node?[] targets, Tensor?[] result)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!ReferenceEquals(targets[i], node)) continue;
            result[i] = result[i] is { } sum ? sum + gradient : gradient;
        }
    }
}
