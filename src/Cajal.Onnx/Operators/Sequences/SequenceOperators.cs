namespace Cajal.Onnx;

/// <summary>Sequences of tensors: made, read, changed (as copies), joined and mapped.</summary>
internal static class SequenceOperators
{
    internal static void Register(Registry registry)
    {
        registry.Add("SequenceEmpty", [11], node =>
        {
            var type = node.Element("dtype", OnnxElement.Float);
            return call => call.Set(0, new OnnxSequence([], type));
        });
        registry.Add("SequenceConstruct", [11], _ => static call =>
        {
            var items = new OnnxValue[call.InputCount];
            for (int i = 0; i < items.Length; i++) items[i] = call.Input(i);
            call.Set(0, new OnnxSequence(items));
        });
        registry.Add("SequenceAt", [11], _ => static call => call.Set(0, call.Sequence(0).Items[Place(call, 1, 0)]));
        registry.Add("SequenceInsert", [11], _ => static call =>
        {
            var items = call.Sequence(0).Items.ToList();
            items.Insert(call.Has(2) ? Place(call, 2, 1) : items.Count, call.Input(1));
            call.Set(0, new OnnxSequence(items));
        });
        registry.Add("SequenceErase", [11], _ => static call =>
        {
            var items = call.Sequence(0).Items.ToList();
            items.RemoveAt(call.Has(1) ? Place(call, 1, 0) : items.Count > 0 ? items.Count - 1 : throw new InvalidOperationException("the sequence is empty."));
            call.Set(0, new OnnxSequence(items));
        });
        registry.Add("SequenceLength", [11], _ => static call => call.Set(0, new OnnxTensor(Tensor.Scalar((long)call.Sequence(0).Items.Count), OnnxElement.Int64)));
        registry.Add("ConcatFromSequence", [11], node =>
        {
            int axis = node.Int("axis", 0);
            bool isNew = node.Flag("new_axis");
            return call =>
            {
                OnnxTensor[] items = [.. call.Sequence(0).Items.Select(item => item.AsTensor())];
                if (items.Length == 0) call.Refuse("the sequence is empty.");
                Tensor[] parts = Array.ConvertAll(items, item => item.Data);
                call.Move(0, isNew ? Tensor.Stack(parts, axis) : Tensor.Concat(parts, axis), items[0]);
            };
        });
        registry.Add("SplitToSequence", [11, 24], SplitToSequence);
        registry.Add("SequenceMap", [17], SequenceMap);
        registry.Add("Optional", [15], _ => static call => call.Set(0, call.Has(0) ? call.Value(0) : OnnxValue.Nothing));
        registry.Add("OptionalHasElement", [15, 18], _ => static call => call.Set(0, new OnnxTensor(Tensor.Scalar(call.Has(0) && call.Value(0) is not OnnxNothing), OnnxElement.Bool)));
        registry.Add("OptionalGetElement", [15, 18], _ => static call => call.Set(0, call.Value(0) is OnnxNothing ? throw new InvalidOperationException("the optional value is not there.") : call.Value(0)));
    }

    /// <summary>A place in the sequence, or (more = 1) one behind its end; negative ones count from the end.</summary>
    private static int Place(Call call, int input, int more)
    {
        int count = call.Sequence(0).Items.Count;
        long place = call.Long(input), resolved = place < 0 ? place + count : place;
        return resolved >= 0 && resolved < count + more ? (int)resolved : throw new InvalidOperationException($"place {place} lies outside a sequence of {count}.");
    }

    private static Kernel SplitToSequence(NodeDefinition node)
    {
        int axis = node.Int("axis", 0);
        bool keep = node.Flag("keepdims", true);
        return call =>
        {
            var x = call.Input(0);
            int at = Numbers.Axis(axis, x.Shape.Rank);
            Tensor[] parts;
            if (!call.Has(1)) parts = x.Data.Split(1, at);
            else if (call.X(1).Rank == 0) parts = x.Data.Split(Numbers.ToInt(call.Long(1)), at);
            else parts = x.Data.Split(call.Ints(1), at);
            if (!call.Has(1) && !keep) parts = Array.ConvertAll(parts, part => part.Squeeze(at));
            call.Set(0, new OnnxSequence([.. parts.Select(part => (OnnxValue)new OnnxTensor(part, x.Element, x.Texts))], x.Element));
        };
    }

    /// <summary>A body for every item of the first sequence, with the items of others at the same place, or with whole tensors.</summary>
    private static Kernel SequenceMap(NodeDefinition node)
    {
        var body = node.Graph("body");
        return call =>
        {
            int count = call.Sequence(0).Items.Count;
            var results = new List<OnnxValue>[body.Outputs.Length];
            for (int i = 0; i < results.Length; i++) results[i] = [];
            var inputs = new OnnxValue?[call.InputCount];
            for (int place = 0; place < count; place++)
            {
                call.Run.CountIteration();
                for (int i = 0; i < inputs.Length; i++)
                {
                    if (call.Value(i) is not OnnxSequence sequence) inputs[i] = call.Value(i);
                    else inputs[i] = place < sequence.Items.Count ? sequence.Items[place] : throw new InvalidOperationException($"sequence {i} has only {sequence.Items.Count} items, the first has {count}.");
                }
                var outputs = body.RunWithin(call.Frame, inputs);
                for (int i = 0; i < results.Length; i++) results[i].Add(outputs[i]);
            }
            for (int i = 0; i < call.OutputCount; i++) call.Set(i, new OnnxSequence(results[i]));
        };
    }
}
