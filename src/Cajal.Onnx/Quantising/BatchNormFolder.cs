using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>
/// Takes batch normalisation with known statistics into the convolution or dense layer before it: (W x + b - mean) s + shift = (s W) x + (b - mean) s + shift, with s = scale / √(variance + ε).
/// </summary>
internal static class BatchNormFolder
{
    internal static void Fold(GraphProto graph)
    {
        // A branch or a loop may read constants that seem unused out here.
        if (graph.Node.Any(node => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0))) return;
        var editor = new GraphEditor(graph);
        foreach (var norm in graph.Node.Where(node => node.OpType == "BatchNormalization").ToList())
        {
            if (editor.MakerOf(norm.Input[0]) is not { OpType: "Conv" or "Gemm" } layer || editor.UsesOf(norm.Input[0]) != 1) continue;
            if (norm.Output.Count != 1 || norm.Attribute.Any(attribute => attribute.Name == "training_mode" && attribute.I != 0)) continue;
            if (layer.OpType == "Gemm" && !GraphEditor.IsPlainGemm(layer)) continue;
            Tensor? weight = editor.Constant(layer.Input[1]), bias = layer.Input.Count > 2 ? editor.Constant(layer.Input[2]) : null;
            Tensor?[] numbers = [.. norm.Input.Skip(1).Select(editor.Constant)];
            if (weight is null || (layer.Input.Count > 2 && bias is null) || numbers.Any(number => number is null)) continue;
            double epsilon = norm.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon")?.F ?? 1e-5f;
            Tensor wide = weight.Cast(DType.Float64), scale = numbers[0]!.Cast(DType.Float64) / (numbers[3]!.Cast(DType.Float64) + epsilon).Sqrt();
            var shift = numbers[1]!.Cast(DType.Float64) - numbers[2]!.Cast(DType.Float64) * scale;
            if (bias is not null) shift += bias.Cast(DType.Float64) * scale;
            // Outputs come first, in filters as in the rows of Gemm's transposed weight.
            wide *= scale.Reshape([scale.Count, .. Enumerable.Repeat(1, weight.Rank - 1)]);
            layer.Input[1] = editor.Add(wide.Cast(weight.DType), layer.Input[1] + ".folded");
            string newBias = editor.Add(shift.Cast(weight.DType), layer.Input[1] + ".bias");
            if (layer.Input.Count > 2) layer.Input[2] = newBias;
            else layer.Input.Add(newBias);
            layer.Output[0] = norm.Output[0];
            graph.Node.Remove(norm);
            editor.Refresh();
        }
        editor.DropUnusedConstants();
    }
}
