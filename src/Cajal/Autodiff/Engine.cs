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

    [ThreadStatic]
    private static bool running;

    private sealed class Workspace
    {
        internal readonly List<Node> Order = [];
        internal readonly Stack<(Node Node, int NextInput)> Path = new();

        /// <summary>Where gradients lie that the node at hand was the last to need, unless another node waits with them.</summary>
        internal readonly List<Storage> Spent = [];
    }

    /// <summary>Whether this thread is going backward without recording: what it makes is gone when the pass is over, but for what leaves keep.</summary>
    internal static bool IsRunning => running;

    /// <summary>While a rule runs a forward pass of its own, what it makes may outlive the pass at hand.</summary>
    internal static bool Pause()
    {
        bool before = running;
        running = false;
        return before;
    }

    internal static void Resume(bool before) => running = before;

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
        bool outer = running;
        running = !createGraph;
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
            Wait(root, seed);
            for (int i = workspace.Order.Count - 1; i >= 0; i--)
            {
                var node = workspace.Order[i];
                if (node.Pending is not { } upstream) continue;
                Take(node, workspace);
                if (node.Hook is { } hook) upstream = Show(upstream, hook);
                if (targets is not null) Collect(node, upstream, targets, result!);
                else if (node.RetainsGrad) Keep(node, upstream, createGraph);
                var gradients = recorder is null ? node.Propagate(upstream) : Timed(recorder, node, upstream);
                for (int input = 0; input < node.InputCount; input++)
                {
                    if (gradients[input] is not { } gradient) continue;
                    workspace.Spent.Add(gradient.Storage);
                    if (node.Input(input) is not { } next) continue;
                    gradient = Fit(gradient, next);
                    workspace.Spent.Add(gradient.Storage);
                    if (next.IsLeaf) Arrive(next, gradient, createGraph, targets, result);
                    else AddPending(next, gradient, createGraph, workspace);
                }
                FreeSpent(workspace);
                if (!retain) node.Release();
            }
        }
        finally
        {
            running = outer;
            GradMode.LeaveEngine(mode);
            recorder?.Backward(began, Stopwatch.GetTimestamp());
            foreach (var node in workspace.Order) if (node.Pending is not null) Take(node, workspace);
            workspace.Spent.Clear();
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

    private static void AddPending(Node node, Tensor gradient, bool createGraph, Workspace workspace)
    {
        if (node.Pending is not { } pending) Wait(node, gradient);
        else if (node.OwnsPending && !createGraph) pending.AddInPlace(gradient);
        else
        {
            Take(node, workspace);
            Wait(node, pending + gradient);
            node.OwnsPending = true;
        }
    }

    private static void Wait(Node node, Tensor gradient)
    {
        node.Pending = gradient;
        node.OwnsPending = false;
        gradient.Storage.Holders++;
    }

    private static void Take(Node node, Workspace workspace)
    {
        var storage = node.Pending!.Storage;
        storage.Holders--;
        workspace.Spent.Add(storage);
        node.Pending = null;
        node.OwnsPending = false;
    }

    /// <summary>
    /// Rules are static and keep nothing, so a gradient that no node waits with, that no leaf has adopted and that no user has seen is read by
    /// nobody again, and its buffer, still in the caches, is free for the next.
    /// </summary>
    private static void FreeSpent(Workspace workspace)
    {
        foreach (var storage in workspace.Spent)
        {
            if (storage.IsTransient && storage.Holders == 0) storage.Free();
        }
        workspace.Spent.Clear();
    }

    /// <summary>Lets a user's hook see a gradient, which may be kept from then on.</summary>
    private static Tensor Show(Tensor gradient, Func<Tensor, Tensor?> hook)
    {
        gradient.Storage.IsTransient = false;
        var shown = hook(gradient) ?? gradient;
        shown.Storage.IsTransient = false;
        return shown;
    }

    private static void Arrive(Node leaf, Tensor gradient, bool createGraph, Node?[]? targets, Tensor?[]? result)
    {
        if (leaf.Hook is { } hook) gradient = Show(gradient, hook);
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
            node.SetGrad(shared && !createGraph ? gradient.Clone() : gradient, ownsIt: false);
        }
        else if (node.OwnsGrad && !createGraph) node.Grad.AddInPlace(gradient);
        else node.SetGrad(node.Grad + gradient, ownsIt: !createGraph);
    }

    private static void Collect(Node node, Tensor gradient, Node?[] targets, Tensor?[] result)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!ReferenceEquals(targets[i], node)) continue;
            result[i] = result[i] is { } sum ? sum + gradient : gradient;
            result[i]!.Storage.IsTransient = false;
        }
    }
}
