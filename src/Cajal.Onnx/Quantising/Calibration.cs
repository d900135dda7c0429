using Cajal.Onnx.Protobuf;

namespace Cajal.Onnx;

/// <summary>The least and greatest values that some tensors of a graph take on given inputs.</summary>
internal static class Calibration
{
    internal static Dictionary<string, (double Least, double Most)> Ranges(ModelProto model, IReadOnlyCollection<string> watched, Tensor[] batches)
    {
        var open = model.Clone();
        string input = open.Graph.Input[0].Name;
        open.Graph.Output.Clear();
        foreach (string name in watched) if (name != input) open.Graph.Output.Add(new ValueInfoProto { Name = name });
        var runner = open.Graph.Output.Count > 0 ? OnnxModel.Of(open, "the model to be quantised", null, new() { Trainable = false }) : null;
        var ranges = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            if (watched.Contains(input)) Widen(input, batch);
            if (runner is null) continue;
            foreach (var (name, value) in runner.Run(batch)) Widen(name, value.AsTensor().Data);
        }
        return ranges;

        void Widen(string name, Tensor values)
        {
            if (values.Count == 0) return;
            // 0 must be a value of its own: borders and rectifiers are full of it.
            var (least, most) = ranges.GetValueOrDefault(name);
            ranges[name] = (Math.Min(least, values.Min().Item()), Math.Max(most, values.Max().Item()));
        }
    }
}
