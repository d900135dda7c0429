namespace Cajal.Onnx;

/// <summary>Finds after which node a value is read no more, so that its memory can be used again.</summary>
internal static class Lifetimes
{
    internal static void Mark(Graph graph)
    {
        var keep = new HashSet<int>(graph.Outputs);
        keep.UnionWith(graph.Constants.Select(constant => constant.Slot));
        var last = new int[graph.SlotNames.Length];
        Array.Fill(last, -1);
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            var node = graph.Nodes[i];
            foreach (int slot in node.Inputs) if (slot >= 0) last[slot] = i;
            foreach (int slot in node.Captured) last[slot] = i;
            foreach (int slot in node.Outputs) if (slot >= 0) last[slot] = Math.Max(last[slot], i);
        }
        foreach (var group in Enumerable.Range(0, last.Length).Where(slot => last[slot] >= 0 && !keep.Contains(slot)).GroupBy(slot => last[slot])) graph.Nodes[group.Key].Releases = [.. group];
    }
}
