namespace Cajal.Models;

/// <summary>Starting values for recurrent layers that must remember for long. Each changes the layer in place, before training.</summary>
public static class RecurrentStart
{
    /// <summary>
    /// Makes U of every gate orthogonal (Saxe, McClelland and Ganguli 2014) and W Xavier-uniform, biases 0: at first a step neither lengthens nor shortens the state, so a signal and its gradient
    /// outlive many steps.
    /// </summary>
    /// <param name="layer">What is changed.</param>
    /// <param name="gain">By how much U lengthens the state.</param>
    /// <param name="generator">The current one when null.</param>
    public static void Orthogonal(RecurrentLayer layer, double gain = 1, Generator? generator = null)
    {
        using var scope = new NoGrad();
        ForEach(layer, weights =>
        {
            int hidden = layer.HiddenSize;
            for (int row = 0; row < weights.HiddenWeight.Shape[0]; row += hidden)
            {
                weights.HiddenWeight.Narrow(0, row, hidden).CopyFrom(Initialise.Orthogonal([hidden, hidden], gain, generator));
                weights.InputWeight.Narrow(0, row, hidden).CopyFrom(Initialise.XavierUniform([hidden, weights.InputWeight.Shape[1]], generator: generator));
            }
            weights.InputBias?.Fill(0);
            weights.HiddenBias?.Fill(0);
        });
    }

    /// <summary>
    /// Sets the bias of the gate that keeps the state (f of an LSTM, z of a GRU), so that it begins open: with 1, σ(1) = 73 % of a state outlive a step (Gers et al. 2000; Jozefowicz et al. 2015).
    /// </summary>
    /// <param name="layer">An <see cref="LSTM"/> or <see cref="GRU"/>.</param>
    /// <param name="bias">The gate's bias.</param>
    /// <exception cref="ArgumentException">The layer has no such gate, or no biases.</exception>
    public static void Remember(RecurrentLayer layer, double bias = 1)
    {
        int gate = KeepingGate(nameof(Remember), layer);
        using var scope = new NoGrad();
        ForEach(layer, weights => SetGate(weights, gate, Tensor.Full([layer.HiddenSize], bias)));
    }

    /// <summary>
    /// Spreads the memory spans of the units over 1 ... <paramref name="longest"/> steps (Tallec and Ollivier 2018): the bias of the gate that keeps the state is ln u, u uniform in
    /// [1, longest - 1), and that of an LSTM's input gate -ln u.
    /// </summary>
    /// <param name="layer">An <see cref="LSTM"/> or <see cref="GRU"/>.</param>
    /// <param name="longest">The longest dependency that is expected, in steps; above 2.</param>
    /// <param name="generator">The current one when null.</param>
    /// <exception cref="ArgumentException">The layer has no such gate, or no biases.</exception>
    public static void Chrono(RecurrentLayer layer, int longest, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longest, 2);
        int gate = KeepingGate(nameof(Chrono), layer);
        using var scope = new NoGrad();
        ForEach(layer, weights =>
        {
            var bias = Tensor.Uniform([layer.HiddenSize], 1, longest - 1, generator: generator).Log();
            SetGate(weights, gate, bias);
            if (layer is LSTM) SetGate(weights, 0, -bias);
        });
    }

    private static int KeepingGate(string name, RecurrentLayer layer)
    {
        if (layer is not (LSTM or GRU)) throw new ArgumentException($"{name}: {layer.GetType().Name} has no gate that keeps its state; use an LSTM or GRU, or RecurrentStart.Orthogonal.", nameof(layer));
        if (!layer.Bias) throw new ArgumentException($"{name}: the layer has no biases; make it with bias: true.", nameof(layer));
        return 1; // i, f, g, o and r, z, n
    }

    private static void SetGate((Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias) weights, int gate, Tensor bias)
    {
        int hidden = bias.Shape[0];
        weights.InputBias!.Narrow(0, gate * hidden, hidden).CopyFrom(bias);
        weights.HiddenBias!.Narrow(0, gate * hidden, hidden).Fill(0);
    }

    private static void ForEach(RecurrentLayer layer, Action<(Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias)> change)
    {
        for (int i = 0; i < layer.Layers; i++)
        {
            change(layer.WeightsOf(i));
            if (layer.Bidirectional) change(layer.WeightsOf(i, reverse: true));
        }
    }
}
