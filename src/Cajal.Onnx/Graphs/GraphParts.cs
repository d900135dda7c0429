using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>What a graph and the body of a function have in common.</summary>
internal sealed record GraphParts(string Name, IReadOnlyList<NodeProto> Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<TensorProto> Initializers)
{
    /// <summary>Whether inputs may be values that nodes compute, which are then passed over.</summary>
    internal bool IsCut { get; init; }

    private readonly HashSet<string> initialized = [.. Initializers.Select(initializer => initializer.Name)];
    private Dictionary<string, int>? counts;

    internal static GraphParts Of(GraphProto graph, string name) =>
        new(name, graph.Node, [.. graph.Input.Select(input => input.Name)], [.. graph.Output.Select(output => output.Name)], graph.Initializer);

    internal static GraphParts Of(FunctionProto function) => new(function.Name, function.Node, function.Input, function.Output, []);

    internal bool HasInitializer(string name) => initialized.Contains(name);

    internal bool IsDefinedOnce(string name)
    {
        if (counts is null)
        {
            counts = new(StringComparer.Ordinal);
            foreach (string output in Nodes.SelectMany(node => node.Output)) counts[output] = counts.GetValueOrDefault(output) + 1;
        }
        return counts.GetValueOrDefault(name) == 1;
    }
}
