namespace Cajal.Onnx;

/// <summary>Makes a rectifier a part of the convolution or dense layer before it, and a bias a part of the product before it, where nobody else reads what lies between.</summary>
internal static class Followers
{
    internal static void TakeIn(Graph graph)
    {
        var nodes = graph.Nodes;
        var constants = graph.Constants.Select(constant => constant.Slot).ToHashSet();
        var uses = new int[graph.SlotNames.Length];
        foreach (int slot in graph.Outputs.Concat(nodes.SelectMany(node => node.Inputs.Concat(node.Captured)))) if (slot >= 0) uses[slot]++;
        var makers = new Dictionary<int, GraphNode>();
        var kept = new List<GraphNode>(nodes.Length);
        foreach (var node in nodes)
        {
            if (node is { Domain: "", IsFunction: false } && Taker(node) is { } taker)
            {
                taker.TakenIn.Add(node.Operator);
                makers.Remove(taker.Outputs[0]);
                taker.Outputs[0] = node.Outputs[0];
                if (!taker.Rectifies) makers[node.Outputs[0]] = taker;
                continue;
            }
            if (node is { Domain: "", IsFunction: false, Operator: "Conv" or "Gemm" or "MatMul", Outputs: [>= 0] }) makers[node.Outputs[0]] = node;
            kept.Add(node);
        }
        graph.Nodes = [.. kept];

        GraphNode? Taker(GraphNode node)
        {
            if (node is not { Operator: "Relu" or "Add", Outputs: [>= 0] }) return null;
            foreach (int slot in node.Inputs)
            {
                if (slot < 0 || uses[slot] != 1 || !makers.TryGetValue(slot, out var maker)) continue;
                if (node.Operator == "Relu")
                {
                    maker.Rectifies = true;
                    return maker;
                }
                int other = node.Inputs[0] == slot ? node.Inputs[1] : node.Inputs[0];
                if (maker is not { Operator: "MatMul", Inputs.Length: 2 } || !constants.Contains(other)) continue;
                maker.Inputs = [.. maker.Inputs, other];
                return maker;
            }
            return null;
        }
    }
}
