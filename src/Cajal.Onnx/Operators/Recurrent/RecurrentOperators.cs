namespace Cajal.Onnx;

/// <summary>RNN, GRU and LSTM.</summary>
internal static class RecurrentOperators
{
    private delegate RecurrentCell CellFactory(RecurrentSettings settings, DirectionWeights weights, Func<Tensor, Tensor>[] functions);

    /// <summary>The fused recurrence: hidden states [T, N, H] and the last c.</summary>
    private delegate (Tensor Output, Tensor? Cell) Fused(Tensor x, DirectionWeights weights, Tensor? h, Tensor? c, bool reverse, Tensor? lengths);

    internal static void Register(Registry registry)
    {
        registry.Add("RNN", [1, 7, 14, 22], node => Make(node, 1, ["Tanh"], static (s, w, f) => new PlainCell(s, w, f),
            static (x, w, h, _, reverse, lengths) => (x.Rnn(w.Input, w.Recurrent, w.InputBias, w.RecurrentBias, h, RecurrentActivation.Tanh, reverse, lengths), null)));
        registry.Add("GRU", [1, 3, 7, 14, 22], node => Make(node, 3, ["Sigmoid", "Tanh"], static (s, w, f) => new GatedCell(s, w, f), node.Flag("linear_before_reset") ? FusedGru : null));
        registry.Add("LSTM", [1, 7, 14, 22], node => Make(node, 4, ["Sigmoid", "Tanh", "Tanh"], static (s, w, f) => new MemoryCell(s, w, f), FusedLstm));
    }

    /// <summary>Cajal's gates stand in the order r, z, n; ONNX's in the order z, r, h.</summary>
    private static (Tensor, Tensor?) FusedGru(Tensor x, DirectionWeights w, Tensor? h, Tensor? c, bool reverse, Tensor? lengths) =>
        (x.Gru(Reordered(w.Input, [1, 0, 2]), Reordered(w.Recurrent, [1, 0, 2]), Reordered(w.InputBias, [1, 0, 2]), Reordered(w.RecurrentBias, [1, 0, 2]), h, reverse, lengths), null);

    /// <summary>Cajal's gates stand in the order i, f, g, o; ONNX's in the order i, o, f, c.</summary>
    private static (Tensor, Tensor?) FusedLstm(Tensor x, DirectionWeights w, Tensor? h, Tensor? c, bool reverse, Tensor? lengths)
    {
        int[] order = [0, 2, 3, 1];
        return x.Lstm(Reordered(w.Input, order), Reordered(w.Recurrent, order), Reordered(w.InputBias, order), Reordered(w.RecurrentBias, order), h, c, reverse, lengths);
    }

    private static Tensor Reordered(Tensor rows, int[] order)
    {
        int height = rows.Dims[0] / order.Length;
        return Tensor.Concat(Array.ConvertAll(order, block => rows.Narrow(0, block * height, height)));
    }

    private static Kernel Make(NodeDefinition node, int gates, string[] usual, CellFactory cell, Fused? fused)
    {
        var settings = new RecurrentSettings(node, usual);
        bool hasCell = gates == 4;
        return call =>
        {
            var x = settings.BatchFirst ? call.X(0).Transpose(0, 1) : call.X(0);
            Tensor weights = call.X(1), recurrent = call.X(2);
            if (x.Rank != 3 || weights.Rank != 3 || recurrent.Rank != 3 || weights.Dims[0] != settings.Directions.Length || recurrent.Dims[1] != gates * recurrent.Dims[2])
                call.Refuse($"X must have three axes, W be [{settings.Directions.Length}, {gates} H, C] and R [{settings.Directions.Length}, {gates} H, H]; X {call.X(0).Shape}, W {weights.Shape}, R {recurrent.Shape}.");
            int steps = x.Dims[0], batch = x.Dims[1], hidden = recurrent.Dims[2];
            Tensor? lengths = call.Has(4) && call.Ints(4).Any(length => length != steps) ? call.X(4) : null;
            var outputs = new Tensor[settings.Directions.Length];
            var last = new CellState[outputs.Length];
            for (int d = 0; d < outputs.Length; d++)
            {
                var bias = call.XOrNull(3)?.Select(0, d) ?? Tensor.Zeros([2 * gates * hidden], x.DType);
                var w = new DirectionWeights(weights.Select(0, d), recurrent.Select(0, d), bias.Narrow(0, 0, gates * hidden), bias.Narrow(0, gates * hidden, gates * hidden), hasCell ? call.XOrNull(7)?.Select(0, d) : null);
                Tensor? h = Initial(call.XOrNull(5), d, settings.BatchFirst), c = hasCell ? Initial(call.XOrNull(6), d, settings.BatchFirst) : null;
                bool reverse = settings.Directions[d];
                if (fused is not null && settings.IsUsual && w.Peepholes is null && steps > 0)
                {
                    var (states, end) = fused(x, w, h, c, reverse, lengths);
                    last[d] = new(states.Select(0, reverse ? 0 : steps - 1), end);
                    outputs[d] = lengths is null ? states : TensorOps.KeepWhere(states, TensorOps.StepsWithin(lengths, steps, x.DType));
                }
                else
                {
                    var start = new CellState(h ?? Tensor.Zeros([batch, hidden], x.DType), hasCell ? c ?? Tensor.Zeros([batch, hidden], x.DType) : null);
                    (outputs[d], last[d]) = Walk(cell(settings, w, settings.Activations[d]), x, w, start, reverse, lengths);
                }
            }
            if (settings.OutputsSequence) call.Return(0, Arranged(Tensor.Stack(outputs, 1), settings.BatchFirst, 4), call.Element());
            call.Return(1, Arranged(Tensor.Stack(Array.ConvertAll(last, state => state.H)), settings.BatchFirst, 3), call.Element());
            if (hasCell) call.Return(2, Arranged(Tensor.Stack(Array.ConvertAll(last, state => state.C!)), settings.BatchFirst, 3), call.Element());
        };
    }

    private static Tensor? Initial(Tensor? state, int direction, bool batchFirst) => state?.Select(batchFirst ? 1 : 0, direction);

    /// <summary>Y [T, D, N, H] → [N, T, D, H], states [D, N, H] → [N, D, H].</summary>
    private static Tensor Arranged(Tensor y, bool batchFirst, int rank) => !batchFirst ? y : (rank == 4 ? y.Permute(2, 0, 1, 3) : y.Transpose(0, 1)).Contiguous();

    /// <summary>Step by step. Behind the end of a sequence the state stays, and the output is 0.</summary>
    private static (Tensor Output, CellState Last) Walk(RecurrentCell cell, Tensor x, DirectionWeights weights, CellState state, bool reverse, Tensor? lengths)
    {
        int steps = x.Dims[0];
        if (steps == 0) return (Tensor.Zeros([0, .. state.H.Dims], x.DType), state);
        var sums = x.MatMul(weights.Input.T);
        var live = lengths is null ? null : TensorOps.StepsWithin(lengths, steps, x.DType);
        var outputs = new Tensor[steps];
        for (int i = 0; i < steps; i++)
        {
            int t = reverse ? steps - 1 - i : i;
            var next = cell.Step(sums.Select(0, t), state);
            var present = live?.Select(0, t);
            outputs[t] = present is null ? next.H : TensorOps.KeepWhere(next.H, present);
            state = present is null ? next : new(Held(next.H, state.H, present), next.C is null ? null : Held(next.C, state.C!, present));
        }
        return (Tensor.Stack(outputs), state);
    }

    private static Tensor Held(Tensor next, Tensor before, Tensor present) => TensorOps.KeepWhere(next, present) + TensorOps.KeepWhere(before, 1 - present);
}
