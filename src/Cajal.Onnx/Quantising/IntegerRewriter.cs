using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>Replaces Conv and Gemm with constant weights by their 8-bit forms: quantise, multiply in whole numbers, scale, add the bias.</summary>
internal static class IntegerRewriter
{
    private const int Most = 127;

    /// <summary>The names of the values that go into the layers that will be replaced.</summary>
    internal static HashSet<string> Watched(GraphProto graph)
    {
        var editor = new GraphEditor(graph);
        return [.. graph.Node.Where(node => IsLayer(node, editor)).Select(node => node.Input[0])];
    }

    private static bool IsLayer(NodeProto node, GraphEditor editor) =>
        (node.OpType == "Conv" || (node.OpType == "Gemm" && GraphEditor.IsPlainGemm(node))) && editor.Constant(node.Input[1]) is { DType: DType.Float32 } && (node.Input.Count < 3 || editor.Constant(node.Input[2]) is not null);

    internal static void Rewrite(GraphProto graph, Dictionary<string, (double Least, double Most)> ranges)
    {
        var editor = new GraphEditor(graph);
        var nodes = graph.Node.ToList();
        graph.Node.Clear();
        var quantised = new Dictionary<string, (string Value, string Zero, double Scale)>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!IsLayer(node, editor) || !ranges.TryGetValue(node.Input[0], out var range) || !double.IsFinite(range.Most - range.Least))
            {
                graph.Node.Add(node);
                continue;
            }
            if (!quantised.TryGetValue(node.Input[0], out var x)) quantised[node.Input[0]] = x = Quantise(node.Input[0], range);
            Replace(node, x);
        }
        editor.DropUnusedConstants();

        (string, string, double) Quantise(string name, (double Least, double Most) range)
        {
            double scale = Math.Max((range.Most - range.Least) / 255, 1e-30);
            int zero = (int)Math.Clamp(Math.Round(-range.Least / scale), 0, 255);
            string zeroName = editor.Add(Tensor.Scalar(zero), name + ".zero", OnnxElement.UInt8);
            Emit("QuantizeLinear", [name, editor.Add(Tensor.Scalar((float)scale), name + ".scale"), zeroName], name + ".quantised");
            return (name + ".quantised", zeroName, (float)scale);
        }

        void Replace(NodeProto node, (string Value, string Zero, double Scale) x)
        {
            string name = node.Output[0];
            var weight = editor.Constant(node.Input[1])!;
            int outputs = weight.Dims[0];
            var rows = weight.Reshape(outputs, -1);
            // Signed and symmetric: the weights' own zero is 0, and one scale each for the rows.
            var scales = Tensor.Maximum(rows.Abs().Max([1], keepAxes: true), Tensor.Full([1, 1], 1e-20)) / Most;
            var whole = (rows / scales).Round().Clamp(-Most, Most).Cast(DType.Int32).Reshape(weight.Shape);
            bool isConvolution = node.OpType == "Conv";
            string packed = editor.Add(isConvolution ? whole : whole.T.Contiguous(), node.Input[1] + ".int8", OnnxElement.Int8);
            int[] view = isConvolution ? [outputs, .. Enumerable.Repeat(1, weight.Rank - 2)] : [outputs];
            var product = Emit(isConvolution ? "ConvInteger" : "MatMulInteger", [x.Value, packed, x.Zero], name + ".sums");
            if (isConvolution) product.Attribute.AddRange(node.Attribute);
            Emit("Cast", [name + ".sums"], name + ".real").Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)OnnxElement.Float });
            bool hasBias = node.Input.Count > 2;
            Emit("Mul", [name + ".real", editor.Add((scales * x.Scale).Reshape(view), name + ".scales")], hasBias ? name + ".scaled" : name);
            if (hasBias) Emit("Add", [name + ".scaled", editor.Add(editor.Constant(node.Input[2])!.Reshape(view), name + ".bias")], name);
        }

        NodeProto Emit(string op, string[] inputs, string output)
        {
            var node = new NodeProto { OpType = op, Name = output + "/" + op };
            node.Input.AddRange(inputs);
            node.Output.Add(output);
            graph.Node.Add(node);
            return node;
        }
    }
}
