using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>
/// Finds QuantizeLinear, MatMulInteger or ConvInteger, Cast, Mul, Add and Relu in a row, with constant settings, and makes one node of them (in a domain of Cajal's own, which no file has): the same numbers in one pass.
/// </summary>
internal static class IntegerFuser
{
    internal static void Fuse(GraphProto graph)
    {
        if (graph.Node.Any(node => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0))) return;
        var editor = new GraphEditor(graph);
        foreach (var product in graph.Node.Where(node => node.OpType is "MatMulInteger" or "ConvInteger").ToList())
        {
            if (product.Input.Count is < 3 or > 4 || editor.Find(product.Input[1]) is not { DataType: (int)OnnxElement.Int8 } weight) continue;
            if (product.Input.Count == 4 && (editor.Constant(product.Input[3]) is not { } zeros || zeros.ToArray<int>().Any(zero => zero != 0))) continue;
            if (weight.Dims.Count != (product.OpType == "ConvInteger" ? 4 : 2)) continue;
            if (editor.MakerOf(product.Input[0]) is not { OpType: "QuantizeLinear", Input.Count: 3 } quantise || quantise.Input[2] != product.Input[2]) continue;
            if (editor.Constant(quantise.Input[1]) is not { Count: 1 } || editor.Find(quantise.Input[2]) is not { DataType: (int)OnnxElement.UInt8 } zero || editor.Constant(zero.Name)!.Count != 1) continue;
            if (editor.OnlyUserOf(product.Output[0]) is not { OpType: "Cast" } cast || cast.Attribute.First(attribute => attribute.Name == "to").I != (long)OnnxElement.Float) continue;
            if (editor.OnlyUserOf(cast.Output[0]) is not { OpType: "Mul" } scale || Other(scale, cast.Output[0]) is not { } scales || editor.Constant(scales) is null) continue;
            var last = scale;
            string bias = "";
            if (editor.OnlyUserOf(last.Output[0]) is { OpType: "Add" } add && Other(add, last.Output[0]) is { } shift && editor.Constant(shift)?.Count == editor.Constant(scales)!.Count) (last, bias) = (add, shift);
            bool rectifies = editor.OnlyUserOf(last.Output[0]) is { OpType: "Relu" };
            if (rectifies) last = editor.OnlyUserOf(last.Output[0])!;
            var fused = new NodeProto { OpType = product.OpType, Domain = FusedLayers.Domain, Name = product.Name };
            fused.Input.AddRange([quantise.Input[0], product.Input[1], quantise.Input[1], quantise.Input[2], scales, bias]);
            fused.Output.Add(last.Output[0]);
            fused.Attribute.AddRange(product.Attribute);
            fused.Attribute.Add(new AttributeProto { Name = "rectifies", Type = AttributeProto.Types.AttributeType.Int, I = rectifies ? 1 : 0 });
            // The nodes in the row are dropped as unused: nobody reads what they make.
            graph.Node.Insert(graph.Node.IndexOf(last), fused);
            graph.Node.Remove(last);
            editor.Refresh();
        }
    }

    private static string? Other(NodeProto node, string known) => node.Input.Count == 2 ? node.Input[0] == known ? node.Input[1] : node.Input[0] : null;
}
