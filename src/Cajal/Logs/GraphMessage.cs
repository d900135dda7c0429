namespace Cajal.Logs;

/// <summary>A graph as TensorFlow's message of one ("graph.proto", "node_def.proto", "attr_value.proto").</summary>
internal static class GraphMessage
{
    private const int Producer = 22;

    internal static byte[] Of(IReadOnlyList<GraphNode> nodes)
    {
        var graph = new ProtoWriter();
        foreach (var node in nodes)
        {
            var message = new ProtoWriter().Text(1, node.Name).Text(2, node.Op);
            foreach (string input in node.Inputs) message.Text(3, input);
            var shape = new ProtoWriter();
            foreach (int length in node.Shape) shape.Message(2, new ProtoWriter().Integer(1, length));
            var shapes = new ProtoWriter().Message(1, new ProtoWriter().Message(7, shape));
            message.Message(5, new ProtoWriter().Text(1, "_output_shapes").Message(2, shapes));
            graph.Message(1, message);
        }
        return graph.Message(4, new ProtoWriter().Integer(1, Producer)).Written.ToArray();
    }

    /// <summary>The names and operations in a message.</summary>
    internal static IReadOnlyList<GraphNode> Read(ReadOnlySpan<byte> message)
    {
        var nodes = new List<GraphNode>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1) continue;
            string name = "", op = "";
            var inputs = new List<string>();
            var node = new ProtoReader(reader.Content);
            while (node.Next())
            {
                if (node.Field == 1) name = node.Text;
                else if (node.Field == 2) op = node.Text;
                else if (node.Field == 3) inputs.Add(node.Text);
            }
            nodes.Add(new(name, op, inputs, []));
        }
        return nodes;
    }
}
