using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Looks names of a graph up and adds constants to it.</summary>
internal sealed class GraphEditor
{
    private readonly GraphProto graph;
    private readonly Dictionary<string, NodeProto> makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> constants = new(StringComparer.Ordinal);
    private readonly TensorReader reader = new("the graph", new("the graph", null, 0));

    internal GraphEditor(GraphProto graph)
    {
        this.graph = graph;
        foreach (var constant in graph.Initializer) constants[constant.Name] = constant;
        Refresh();
    }

    /// <summary>Looks at the nodes again after they were changed.</summary>
    internal void Refresh()
    {
        makers.Clear();
        uses.Clear();
        foreach (var node in graph.Node)
        {
            foreach (string output in node.Output) makers[output] = node;
            foreach (string input in node.Input) uses[input] = uses.GetValueOrDefault(input) + 1;
        }
        foreach (var output in graph.Output) uses[output.Name] = uses.GetValueOrDefault(output.Name) + 1;
    }

    internal NodeProto? MakerOf(string name) => makers.GetValueOrDefault(name);

    internal int UsesOf(string name) => uses.GetValueOrDefault(name);

    /// <summary>The only node that reads a value; null where there are more, or none, or the graph gives it out.</summary>
    internal NodeProto? OnlyUserOf(string name) => UsesOf(name) == 1 ? graph.Node.FirstOrDefault(node => node.Input.Contains(name)) : null;

    internal TensorProto? Find(string name) => constants.GetValueOrDefault(name);

    internal Tensor? Constant(string name) => constants.TryGetValue(name, out var proto) && proto.DataLocation == TensorProto.Types.DataLocation.Default ? reader.Read(proto, name, new()).Data : null;

    /// <summary>A new constant; returns its name, which is the wanted one unless that is taken.</summary>
    internal string Add(Tensor value, string wanted, OnnxElement? element = null)
    {
        string name = wanted;
        for (int i = 1; constants.ContainsKey(name) || makers.ContainsKey(name); i++) name = $"{wanted}_{i}";
        var type = element ?? Elements.Of(value.DType);
        var proto = new TensorProto { Name = name, DataType = (int)type, RawData = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(Bits.Of(new(value, type))) };
        foreach (int length in value.Shape) proto.Dims.Add(length);
        constants[name] = proto;
        graph.Initializer.Add(proto);
        return name;
    }

    internal void DropUnusedConstants()
    {
        Refresh();
        for (int i = graph.Initializer.Count - 1; i >= 0; i--) if (UsesOf(graph.Initializer[i].Name) == 0) graph.Initializer.RemoveAt(i);
    }

    /// <summary>Whether a Gemm is x Wᵀ + b with factors 1.</summary>
    internal static bool IsPlainGemm(NodeProto node) => node.Attribute.All(attribute => attribute.Name switch
    {
        "transB" => attribute.I == 1,
        "alpha" or "beta" => attribute.F == 1,
        _ => attribute.I == 0,
    }) && node.Attribute.Any(attribute => attribute.Name == "transB");
}
