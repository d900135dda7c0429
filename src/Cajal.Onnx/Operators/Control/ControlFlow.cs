namespace Cajal.Onnx;

/// <summary>If, Loop and Scan: graphs within graphs, which read the values around them.</summary>
internal static class ControlFlow
{
    internal static void Register(Registry registry)
    {
        registry.Add("If", [1, 11, 13, 16, 19, 21, 23, 24, 25], node =>
        {
            Graph then = node.Graph("then_branch"), otherwise = node.Graph("else_branch");
            return call =>
            {
                var outputs = (call.Number(0) != 0 ? then : otherwise).RunWithin(call.Frame);
                for (int i = 0; i < call.OutputCount; i++) call.Set(i, outputs[i]);
            };
        });
        registry.Add("Loop", [1, 11, 13, 16, 19, 21, 23, 24, 25], Loop);
        registry.Add("Scan", [8, 9, 11, 16, 19, 21, 23, 24, 25], ScanOperator.Create);
    }

    /// <summary>The body takes the turn's number, the condition and the carried values; it gives a condition, the new carried values, and values that are collected.</summary>
    private static Kernel Loop(NodeDefinition node)
    {
        var body = node.Graph("body");
        int carried = Math.Max(0, node.InputCount - 2), collected = body.Outputs.Length - 1 - carried;
        if (collected < 0 || body.Inputs.Length != carried + 2) throw node.Bad($"its body has {body.Inputs.Length} inputs and {body.Outputs.Length} outputs, which do not fit {carried} carried values.");
        return call =>
        {
            long turns = call.Has(0) ? call.Long(0) : long.MaxValue;
            bool goes = !call.Has(1) || call.Number(1) != 0;
            var inputs = new OnnxValue?[carried + 2];
            for (int i = 0; i < carried; i++) inputs[i + 2] = call.Has(i + 2) ? call.Value(i + 2) : null;
            var rows = new List<OnnxTensor>[collected];
            for (int i = 0; i < collected; i++) rows[i] = [];
            for (long turn = 0; turn < turns && goes; turn++)
            {
                call.Run.CountIteration();
                inputs[0] = new OnnxTensor(Tensor.Scalar(turn), OnnxElement.Int64);
                inputs[1] = new OnnxTensor(Tensor.Scalar(true), OnnxElement.Bool);
                var outputs = body.RunWithin(call.Frame, inputs);
                goes = outputs[0].AsTensor().Data.Item() != 0;
                for (int i = 0; i < carried; i++) inputs[i + 2] = outputs[i + 1];
                for (int i = 0; i < collected; i++) rows[i].Add(outputs[carried + 1 + i].AsTensor());
            }
            for (int i = 0; i < carried; i++) call.Set(i, inputs[i + 2]);
            for (int i = 0; i < collected && carried + i < call.OutputCount; i++) call.Set(carried + i, Stacked(rows[i], 0));
        };
    }

    /// <summary>Values of all turns along a new axis. Of no turn at all nothing is known but that there was none.</summary>
    internal static OnnxTensor Stacked(List<OnnxTensor> rows, int axis) =>
        rows.Count == 0 ? new(Tensor.Zeros([0])) : new(Tensor.Stack([.. rows.Select(row => row.Data)], axis), rows[0].Element, rows[0].Texts);
}
