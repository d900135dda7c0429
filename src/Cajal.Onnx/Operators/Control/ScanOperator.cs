namespace Cajal.Onnx;

/// <summary>Scan: a body run on slices of its inputs, with state from turn to turn; values of all turns are collected. In opset 8 for every sample of a batch.</summary>
internal static class ScanOperator
{
    internal static Kernel Create(NodeDefinition node)
    {
        var body = node.Graph("body");
        int scanned = node.Int("num_scan_inputs", 0), first = node.Version < 9 ? 1 : 0, states = node.InputCount - first - scanned, collected = body.Outputs.Length - states;
        if (scanned < 1 || states < 0 || collected < 0 || body.Inputs.Length != states + scanned) throw node.Bad($"its body has {body.Inputs.Length} inputs and {body.Outputs.Length} outputs, which do not fit {states} states and {scanned} scanned inputs.");
        var scan = new Scan(body, states, scanned, collected,
            Numbered(node, node.Version < 9 ? "directions" : "scan_input_directions", scanned), Numbered(node, "scan_output_directions", collected),
            Numbered(node, "scan_input_axes", scanned), Numbered(node, "scan_output_axes", collected));
        return node.Version < 9 ? call => Batched(call, scan) : call =>
        {
            var (ends, rows) = scan.Run(call, Values(call, 0, states), Values(call, states, scanned), null);
            for (int i = 0; i < states; i++) call.Set(i, ends[i]);
            for (int i = 0; i < collected; i++) call.Set(states + i, rows[i]);
        };
    }

    private static OnnxTensor[] Values(Call call, int from, int count)
    {
        var values = new OnnxTensor[count];
        for (int i = 0; i < count; i++) values[i] = call.Input(from + i);
        return values;
    }

    private static int[] Numbered(NodeDefinition node, string name, int count)
    {
        int[] numbers = node.Ints(name) ?? new int[count];
        return numbers.Length == count ? numbers : throw node.Bad($"the attribute \"{name}\" must have {count} numbers, not {numbers.Length}.");
    }

    /// <summary>Opset 8: every sample by itself, each with a length of its own; shorter results are followed by zeros.</summary>
    private static void Batched(Call call, Scan scan)
    {
        OnnxTensor[] states = Values(call, 1, scan.States), inputs = Values(call, 1 + scan.States, scan.Scanned);
        int batch = inputs[0].Shape[0], steps = inputs[0].Shape[1];
        int[] lengths = call.Has(0) ? call.Ints(0) : [.. Enumerable.Repeat(steps, batch)];
        if (lengths.Length != batch) call.Refuse($"there are {lengths.Length} lengths for {batch} samples.");
        var samples = new List<OnnxTensor>[scan.States + scan.Collected];
        for (int i = 0; i < samples.Length; i++) samples[i] = [];
        for (int n = 0; n < batch; n++)
        {
            var (ends, rows) = scan.Run(call, Array.ConvertAll(states, Sample), Array.ConvertAll(inputs, Sample), lengths[n]);
            for (int i = 0; i < scan.States; i++) samples[i].Add(ends[i].AsTensor());
            for (int i = 0; i < scan.Collected; i++) samples[scan.States + i].Add(Filled(rows[i]));

            OnnxTensor Sample(OnnxTensor all) => new(all.Data.Select(0, n), all.Element, all.Texts);
        }
        for (int i = 0; i < samples.Length; i++) call.Set(i, ControlFlow.Stacked(samples[i], 0));

        OnnxTensor Filled(OnnxTensor rows)
        {
            var borders = new (int, int)[rows.Shape.Rank];
            borders[0] = (0, steps - rows.Shape[0]);
            return new(rows.Data.Pad(borders), rows.Element, rows.Texts);
        }
    }

    private sealed record Scan(Graph Body, int States, int Scanned, int Collected, int[] InputDirections, int[] OutputDirections, int[] InputAxes, int[] OutputAxes)
    {
        internal (OnnxValue[] Ends, OnnxTensor[] Rows) Run(Call call, OnnxTensor[] states, OnnxTensor[] inputs, int? length)
        {
            int[] axes = [.. InputAxes.Select((axis, i) => Numbers.Axis(axis, inputs[i].Shape.Rank))];
            int steps = length ?? inputs[0].Shape[axes[0]];
            var given = new OnnxValue?[States + Scanned];
            for (int i = 0; i < States; i++) given[i] = states[i];
            var rows = new List<OnnxTensor>[Collected];
            for (int i = 0; i < Collected; i++) rows[i] = [];
            for (int step = 0; step < steps; step++)
            {
                call.Run.CountIteration();
                for (int i = 0; i < Scanned; i++) given[States + i] = new OnnxTensor(inputs[i].Data.Select(axes[i], InputDirections[i] == 0 ? step : steps - 1 - step), inputs[i].Element, inputs[i].Texts);
                var outputs = Body.RunWithin(call.Frame, given);
                for (int i = 0; i < States; i++) given[i] = outputs[i];
                for (int i = 0; i < Collected; i++) rows[i].Insert(OutputDirections[i] == 0 ? rows[i].Count : 0, outputs[States + i].AsTensor());
            }
            return ([.. given[..States].Select(state => state!)], [.. rows.Select((all, i) => ControlFlow.Stacked(all, all.Count == 0 ? 0 : Numbers.Axis(OutputAxes[i], all[0].Shape.Rank + 1)))]);
        }
    }
}
