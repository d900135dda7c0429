using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Makes a written graph as short as a person would write it: no identities, constants once, nothing unused.</summary>
internal static class GraphCleaner
{
    internal static void Clean(GraphProto graph)
    {
        JoinConstants(graph);
        SkipIdentities(graph);
        TransposeConstants(graph);
        NameOutputs(graph);
        DropUnused(graph);
    }

    /// <summary>Equal small constants become one; those of modules keep their names.</summary>
    private static void JoinConstants(GraphProto graph)
    {
        var firsts = new Dictionary<(int, string, Google.Protobuf.ByteString), string>();
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var constant in graph.Initializer.Where(constant => constant.Name.StartsWith("constant", StringComparison.Ordinal)))
        {
            if (!firsts.TryAdd((constant.DataType, string.Join(",", constant.Dims), constant.RawData), constant.Name)) renamed[constant.Name] = firsts[(constant.DataType, string.Join(",", constant.Dims), constant.RawData)];
        }
        Rename(graph, renamed);
    }

    private static void SkipIdentities(GraphProto graph)
    {
        var promised = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node.OpType == "Identity" && !promised.Contains(node.Output[0])).ToList())
        {
            renamed[node.Output[0]] = renamed.GetValueOrDefault(node.Input[0], node.Input[0]);
            graph.Node.Remove(node);
        }
        Rename(graph, renamed);
    }

    /// <summary>The weight of a dense layer is turned where it is used; on its own, as in x · Wᵀ with three axes, that is a node of its own.</summary>
    private static void TransposeConstants(GraphProto graph)
    {
        var constants = graph.Initializer.Select(constant => constant.Name).ToHashSet(StringComparer.Ordinal);
        // Equal turns of one constant become one.
        var firsts = new Dictionary<(string, string), string>();
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node.OpType == "Transpose" && constants.Contains(node.Input[0])).ToList())
        {
            var key = (node.Input[0], string.Join(",", node.Attribute[0].Ints));
            if (firsts.TryAdd(key, node.Output[0])) continue;
            renamed[node.Output[0]] = firsts[key];
            graph.Node.Remove(node);
        }
        Rename(graph, renamed);
    }

    /// <summary>A node whose result is only given out gives it out under that name.</summary>
    private static void NameOutputs(GraphProto graph)
    {
        foreach (var output in graph.Output)
        {
            var identity = graph.Node.First(node => node.Output[0] == output.Name);
            string name = identity.Input[0];
            var maker = graph.Node.FirstOrDefault(node => node.Output.Contains(name));
            if (maker is null || graph.Output.Any(other => other.Name == name)) continue;
            graph.Node.Remove(identity);
            Rename(graph, new(StringComparer.Ordinal) { [name] = output.Name });
            maker.Output[maker.Output.IndexOf(name)] = output.Name;
        }
    }

    private static void DropUnused(GraphProto graph)
    {
        var wanted = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            if (graph.Node[i].Output.Any(wanted.Contains)) wanted.UnionWith(graph.Node[i].Input);
            else graph.Node.RemoveAt(i);
        }
        for (int i = graph.Initializer.Count - 1; i >= 0; i--) if (!wanted.Contains(graph.Initializer[i].Name)) graph.Initializer.RemoveAt(i);
    }

    private static void Rename(GraphProto graph, Dictionary<string, string> renamed)
    {
        if (renamed.Count == 0) return;
        foreach (var node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++) if (renamed.TryGetValue(node.Input[i], out string? name)) node.Input[i] = name;
        }
    }
}
