namespace Cajal.Onnx;

/// <summary>One step of an optimiser as operators of the domain ai.onnx.preview.training: Adagrad, Adam, Momentum.</summary>
internal static class Updates
{
    internal const string Domain = "ai.onnx.preview.training";

    internal static void Register(Registry registry)
    {
        registry.Add(Domain, "Adagrad", [1], node =>
        {
            float epsilon = node.Float("epsilon", 1e-6f), decay = node.Float("decay_factor", 0), norm = node.Float("norm_coefficient", 0);
            return call =>
            {
                double rate = call.Number(0) / (1 + call.Number(1) * decay);
                foreach (var (x, g, states, outputs) in Groups(call, 1))
                {
                    var slope = x * (double)norm + g;
                    var sum = states[0] + slope * slope;
                    call.Return(outputs, x - slope * rate / (sum.Sqrt() + epsilon), OnnxElement.Float);
                    call.Return(outputs + call.OutputCount / 2, sum, OnnxElement.Float);
                }
            };
        });
        registry.Add(Domain, "Adam", [1], node =>
        {
            float alpha = node.Float("alpha", 0.9f), beta = node.Float("beta", 0.999f), epsilon = node.Float("epsilon", 1e-6f);
            float norm = node.Float("norm_coefficient", 0), normAfter = node.Float("norm_coefficient_post", 0);
            return call =>
            {
                double rate = call.Number(0), step = call.Number(1);
                if (step > 0) rate *= Math.Sqrt(1 - Math.Pow(beta, step)) / (1 - Math.Pow(alpha, step));
                foreach (var (x, g, states, outputs) in Groups(call, 2))
                {
                    var slope = x * (double)norm + g;
                    Tensor v = states[0] * (double)alpha + slope * (1 - (double)alpha), h = states[1] * (double)beta + slope * slope * (1 - (double)beta);
                    call.Return(outputs, (x - v * rate / (h.Sqrt() + epsilon)) * (1 - (double)normAfter), OnnxElement.Float);
                    call.Return(outputs + call.OutputCount / 3, v, OnnxElement.Float);
                    call.Return(outputs + 2 * call.OutputCount / 3, h, OnnxElement.Float);
                }
            };
        });
        registry.Add(Domain, "Momentum", [1], node =>
        {
            float alpha = node.Float("alpha", 0), beta = node.Float("beta", 0), norm = node.Float("norm_coefficient", 0);
            bool nesterov = node.Choice("mode", "standard", "standard", "nesterov") == 1;
            return call =>
            {
                double rate = call.Number(0), share = call.Number(1) > 0 ? beta : 1;
                foreach (var (x, g, states, outputs) in Groups(call, 1))
                {
                    var slope = x * (double)norm + g;
                    var v = states[0] * (double)alpha + slope * share;
                    call.Return(outputs, x - (nesterov ? slope + v * (double)alpha : v) * rate, OnnxElement.Float);
                    call.Return(outputs + call.OutputCount / 2, v, OnnxElement.Float);
                }
            };
        });
    }

    /// <summary>Inputs after the rate and the count: all tensors, then all their gradients, then states of each kind.</summary>
    private static List<(Tensor X, Tensor Gradient, Tensor[] States, int Output)> Groups(Call call, int states)
    {
        int count = (call.InputCount - 2) / (2 + states);
        if (count * (2 + states) + 2 != call.InputCount || call.OutputCount != count * (1 + states)) call.Refuse($"{call.InputCount} inputs and {call.OutputCount} outputs are no whole number of tensors.");
        var groups = new List<(Tensor, Tensor, Tensor[], int)>();
        for (int i = 0; i < count; i++)
        {
            var kept = new Tensor[states];
            for (int kind = 0; kind < states; kind++) kept[kind] = call.X(2 + (2 + kind) * count + i);
            groups.Add((call.X(2 + i), call.X(2 + count + i), kept, i));
        }
        return groups;
    }
}
