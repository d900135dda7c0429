namespace Cajal.Onnx;

/// <summary>Makes rectifiers a part of the convolution or dense layer before them, where nobody else reads what lies between.</summary>
internal static class Rectifiers
{
    internal static GraphNode[] TakeIn(GraphNode[] nodes, int slots, IEnumerable<int> outputs)
    {
        var uses = new int[slots];
        foreach (int slot in outputs.Concat(nodes.SelectMany(node => node.Inputs.Concat(node.Captured)))) if (slot >= 0) uses[slot]++;
        var makers = new Dictionary<int, GraphNode>();
        var kept = new List<GraphNode>(nodes.Length);
        foreach (var node in nodes)
        {
            if (node is { Operator: "Relu", Domain: "" } && makers.TryGetValue(node.Inputs[0], out var layer) && uses[node.Inputs[0]] == 1)
            {
                layer.Rectifies = true;
                layer.Outputs[0] = node.Outputs[0];
                continue;
            }
            if (node is { Domain: "", Operator: "Conv" or "Gemm", Outputs: [>= 0] }) makers[node.Outputs[0]] = node;
            kept.Add(node);
        }
        return [.. kept];
    }
}
