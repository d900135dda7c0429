using Cajal.Autodiff;

namespace Cajal.Logs;

/// <summary>One operation, parameter or input of a network.</summary>
/// <param name="Name">Unique; a slash after each module it lies in.</param>
/// <param name="Op">The operation, or <c>Parameter</c> or <c>Input</c>.</param>
/// <param name="Inputs">The names of the nodes it takes.</param>
/// <param name="Shape">The shape of what it gives.</param>
internal sealed record GraphNode(string Name, string Op, IReadOnlyList<string> Inputs, int[] Shape);

/// <summary>
/// The graph of one pass, read from the tape. Whenever a module reports its output, the operations that led there from what is known already are its own.
/// </summary>
internal sealed class GraphTrace
{
    private readonly Dictionary<Node, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<GraphNode> nodes = [];

    private GraphTrace(Module net)
    {
        foreach (var (key, parameter) in net.NamedParameters())
        {
            if (parameter.Node is { } node) Add(node, key.Replace('.', '/'), "Parameter");
        }
    }

    /// <summary>The nodes, each behind those it takes.</summary>
    internal static IReadOnlyList<GraphNode> Of(Module net, Shape input, DType? dtype)
    {
        ArgumentNullException.ThrowIfNull(net);
        var trace = new GraphTrace(net);
        var type = dtype ?? net.Parameters().FirstOrDefault()?.DType ?? DType.Float32;
        var x = Tensor.Zeros(input, type);
        if (type.IsFloating) x.RequiresGrad = true;
        if (x.Node is { } node) trace.Add(node, "input", "Input");
        else trace.nodes.Add(new(trace.Unique("input"), "Input", [], input.ToArray()));
        var watches = net.Modules().Select(module => module.OnForward((seen, _, output) => trace.Reach(output.Node, seen.Path))).ToArray();
        bool before = GradMode.EnterFlow(enabled: true);
        try
        {
            using var mode = net.InMode(training: false);
            using var random = new Generator(0).Use();
            trace.Reach(net.Call(x).Node, "");
        }
        finally
        {
            GradMode.LeaveFlow(before);
            foreach (var watch in watches) watch.Dispose();
        }
        return trace.nodes;
    }

    /// <summary>Names all operations behind an output that have none yet.</summary>
    private void Reach(Node? output, string module)
    {
        if (output is null || names.ContainsKey(output)) return;
        var path = new Stack<(Node Node, int Next)>([(output, 0)]);
        while (path.TryPop(out var place))
        {
            var (node, next) = place;
            if (names.ContainsKey(node)) continue;
            if (next < node.InputCount)
            {
                path.Push((node, next + 1));
                if (node.Input(next) is { } input) path.Push((input, 0));
                continue;
            }
            string scope = module.Length == 0 ? "" : module.Replace('.', '/') + "/";
            Add(node, scope + (node.IsLeaf ? "constant" : node.Name), node.IsLeaf ? "Constant" : node.Name);
        }
    }

    private void Add(Node node, string name, string op)
    {
        string unique = Unique(name);
        names.Add(node, unique);
        var inputs = Enumerable.Range(0, node.InputCount).Select(node.Input).OfType<Node>().Select(input => names[input]);
        nodes.Add(new(unique, op, [.. inputs], node.Dims));
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int number = 1; !taken.Add(unique); number++) unique = $"{name}_{number}";
        return unique;
    }
}
