using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Which floating initializers are no parameters: those that are only read where an operator wants statistics, limits, scales or other settings.</summary>
internal static class Training
{
    private static readonly Dictionary<string, int[]> Settings = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = [3, 4], ["Resize"] = [1, 2], ["Upsample"] = [1], ["Clip"] = [1, 2], ["Dropout"] = [1], ["Pad"] = [2], ["Range"] = [0, 1, 2],
        ["OneHot"] = [2], ["QuantizeLinear"] = [1, 2], ["DequantizeLinear"] = [1, 2], ["QLinearConv"] = [1, 4, 6], ["QLinearMatMul"] = [1, 4, 6], ["RoiAlign"] = [1],
        ["NonMaxSuppression"] = [0, 1, 2, 3, 4], ["MelWeightMatrix"] = [3, 4], ["STFT"] = [2], ["NegativeLogLikelihoodLoss"] = [2], ["SoftmaxCrossEntropyLoss"] = [2], ["Cast"] = [0],
        ["Shape"] = [0], ["Size"] = [0],
    };

    internal static HashSet<string> FrozenInitializers(GraphProto graph)
    {
        var frozen = new HashSet<string>(graph.Initializer.Select(initializer => initializer.Name), StringComparer.Ordinal);
        Visit(graph, frozen);
        return frozen;
    }

    private static void Visit(GraphProto graph, HashSet<string> frozen)
    {
        foreach (var node in graph.Node)
        {
            int[] settings = NodeDefinition.DomainOf(node).Length == 0 && Settings.TryGetValue(node.OpType, out var known) ? known : [];
            for (int i = 0; i < node.Input.Count; i++) if (!settings.Contains(i)) frozen.Remove(node.Input[i]);
            foreach (var attribute in node.Attribute) if (attribute.G is { } body) Visit(body, frozen);
        }
        foreach (var output in graph.Output) frozen.Remove(output.Name);
    }
}
