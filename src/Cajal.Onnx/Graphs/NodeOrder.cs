using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>The nodes of a graph that its outputs need, each after what it reads.</summary>
internal static class NodeOrder
{
    internal static List<NodeProto> Of(GraphParts parts, GraphBuilder builder)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        var cut = parts.IsCut ? parts.Inputs.ToHashSet(StringComparer.Ordinal) : [];
        for (int i = 0; i < parts.Nodes.Count; i++)
        {
            foreach (string output in parts.Nodes[i].Output) if (output.Length > 0 && !cut.Contains(output)) producers.TryAdd(output, i);
        }
        var state = new byte[parts.Nodes.Count]; // 1: its inputs are being visited; 2: done
        var needed = new bool[parts.Nodes.Count];
        var stack = new Stack<int>();
        foreach (string output in parts.Outputs) if (producers.TryGetValue(output, out int producer)) stack.Push(producer);
        while (stack.TryPop(out int at))
        {
            if (needed[at]) continue;
            needed[at] = true;
            foreach (string read in Reads(parts.Nodes[at])) if (producers.TryGetValue(read, out int producer)) stack.Push(producer);
        }
        var order = new List<NodeProto>();
        for (int i = 0; i < state.Length; i++) if (needed[i]) Visit(i);
        return order;

        // Depth first without recursion: a chain may be as long as the file.
        void Visit(int root)
        {
            stack.Push(root);
            while (stack.TryPeek(out int at))
            {
                if (state[at] == 2)
                {
                    stack.Pop();
                    continue;
                }
                bool ready = true;
                if (state[at] == 0)
                {
                    foreach (string read in Reads(parts.Nodes[at]))
                    {
                        if (!producers.TryGetValue(read, out int producer) || state[producer] == 2) continue;
                        if (state[producer] == 1 || producer == at) throw builder.Bad($"the graph \"{parts.Name}\" runs in a circle through the node that computes \"{parts.Nodes[producer].Output.FirstOrDefault()}\".");
                        stack.Push(producer);
                        ready = false;
                    }
                    state[at] = 1;
                }
                if (!ready) continue;
                state[at] = 2;
                order.Add(parts.Nodes[at]);
                stack.Pop();
            }
        }
    }

    /// <summary>All names that a node reads, those of its subgraphs included.</summary>
    private static IEnumerable<string> Reads(NodeProto node) => node.Input.Where(input => input.Length > 0).Concat(FreeNames(node));

    /// <summary>Names that subgraphs of a node read from around them.</summary>
    private static IEnumerable<string> FreeNames(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is { } graph) foreach (string name in FreeNames(graph)) yield return name;
            foreach (var several in attribute.Graphs) foreach (string name in FreeNames(several)) yield return name;
        }
    }

    private static HashSet<string> FreeNames(GraphProto graph)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        own.UnionWith(graph.Input.Select(input => input.Name));
        own.UnionWith(graph.Initializer.Select(initializer => initializer.Name));
        own.UnionWith(graph.Node.SelectMany(node => node.Output));
        var free = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Node) foreach (string name in Reads(node)) if (!own.Contains(name)) free.Add(name);
        foreach (var output in graph.Output) if (!own.Contains(output.Name)) free.Add(output.Name);
        return free;
    }
}
