namespace Cajal.Onnx;

/// <summary>Computes once, when a model that is not trained is loaded, what follows from its constants alone.</summary>
internal static class Folding
{
    private const long MostBytes = 64 << 20;

    /// <summary>Operators whose time is that of writing their result, so that the bytes allowed bound it.</summary>
    private static readonly HashSet<string> Cheap = new(StringComparer.Ordinal)
    {
        "Add", "Cast", "Concat", "Constant", "ConstantOfShape", "DequantizeLinear", "Div", "Expand", "Flatten", "Gather", "Identity", "Mul", "Neg", "Pow", "Range", "Reciprocal", "Reshape", "Shape", "Size", "Slice", "Sqrt", "Squeeze",
        "Sub", "Transpose", "Unsqueeze", "Where",
    };

    internal static void Fold(Graph graph, StringTable texts, OnnxOptions options)
    {
        var frame = new Frame(graph.SlotNames.Length, new(new(texts), options, default));
        foreach (var (slot, value) in graph.Constants) frame.Slots[slot] = value;
        using var plain = new NoGrad();
        using var budget = new AllocationBudget(MostBytes);
        var kept = new List<GraphNode>();
        var constants = graph.Constants.ToList();
        foreach (var node in graph.Nodes)
        {
            if (node is { Domain: "", IsFunction: false } && Cheap.Contains(node.Operator) && node.Inputs.All(slot => slot < 0 || IsNumbers(frame.Slots[slot])) && Runs(node, frame))
                constants.AddRange(node.Outputs.Where(slot => slot >= 0).Select(slot => (slot, frame.Slots[slot]!)));
            else kept.Add(node);
        }
        var read = kept.SelectMany(node => node.Inputs.Concat(node.Captured)).Concat(graph.Outputs).ToHashSet();
        graph.Nodes = [.. kept];
        graph.Constants = [.. constants.Where(constant => read.Contains(constant.Slot))];
    }

    /// <summary>Text belongs to the run that made it.</summary>
    private static bool IsNumbers(OnnxValue? value) => value is OnnxTensor { Element: not OnnxElement.String };

    private static bool Runs(GraphNode node, Frame frame)
    {
        try
        {
            node.Kernel(new Call(node, frame));
            if (node.Outputs.All(slot => slot < 0 || IsNumbers(frame.Slots[slot]))) return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The node will say so itself when it is run.
        }
        foreach (int slot in node.Outputs) if (slot >= 0) frame.Slots[slot] = null;
        return false;
    }
}
