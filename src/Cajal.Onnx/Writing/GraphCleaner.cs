using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Makes a written graph as short as a person would write it: no identities, constants once, MatMul and Add as Gemm, nothing unused.</summary>
internal static class GraphCleaner
{
    internal static void Clean(GraphProto graph)
    {
        JoinConstants(graph);
        SkipIdentities(graph);
        TransposeConstants(graph);
        FuseGemm(graph);
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

    /// <summary>x Wᵀ + b of matrices is one Gemm.</summary>
    private static void FuseGemm(GraphProto graph)
    {
        var producers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        var uses = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).GroupBy(name => name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var ranks = graph.Initializer.ToDictionary(constant => constant.Name, constant => constant.Dims.Count, StringComparer.Ordinal);
        foreach (var add in graph.Node.Where(node => node.OpType == "Add").ToList())
        {
            if (!producers.TryGetValue(add.Input[0], out var product) || product.OpType != "MatMul" || uses[add.Input[0]] != 1) continue;
            if (!producers.TryGetValue(product.Input[1], out var turn) || turn.OpType != "Transpose" || ranks.GetValueOrDefault(turn.Input[0]) != 2 || ranks.GetValueOrDefault(add.Input[1]) != 1) continue;
            // Only of matrices: what multiplies must be one itself.
            if (!IsMatrix(graph, producers, product.Input[0])) continue;
            product.OpType = "Gemm";
            product.Input[1] = turn.Input[0];
            product.Input.Add(add.Input[1]);
            product.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
            product.Name = product.Name.Replace("MatMul", "Gemm", StringComparison.Ordinal);
            product.Output[0] = add.Output[0];
            producers[product.Output[0]] = product;
            graph.Node.Remove(add);
        }
    }

    private static bool IsMatrix(GraphProto graph, Dictionary<string, NodeProto> producers, string name)
    {
        for (int steps = 0; steps <= graph.Node.Count; steps++)
        {
            if (graph.Input.FirstOrDefault(input => input.Name == name) is { } input) return input.Type.TensorType.Shape.Dim.Count == 2;
            if (!producers.TryGetValue(name, out var node)) return false;
            if (node.OpType == "Gemm") return true;
            if (node.OpType == "Reshape") return graph.Initializer.FirstOrDefault(constant => constant.Name == node.Input[1])?.Dims[0] == 2;
            if (node.OpType is not ("Relu" or "Tanh" or "Sigmoid" or "Elu" or "Selu" or "LeakyRelu" or "Softplus" or "BatchNormalization" or "LayerNormalization" or "Clip" or "HardSwish" or "Celu" or "Softsign" or "HardSigmoid")) return false;
            name = node.Input[0];
        }
        return false;
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
