namespace Cajal;

/// <summary>
/// Gated recurrent units (Cho et al. 2014) along sequences, h' = (1 - z) n + z h: x [T, N, C] → [T, N, H]. The weights hold the gates in the order r, z, n and start
/// uniform in ±1/√H; see <see cref="GRUCell"/> for the step.
/// </summary>
/// <param name="inputSize">C, the width of x.</param>
/// <param name="hiddenSize">H, the width of the state.</param>
/// <param name="layers">How many recurrences stand on top of each other.</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="batchFirst">Whether x and the output are [N, T, ...]; [T, N, ...] otherwise, as in PyTorch.</param>
/// <param name="dropout">In training, the share of each layer's outputs that is dropped on the way to the next layer.</param>
/// <param name="bidirectional">Whether a second recurrence goes from the last step to the first; its output stands behind that of the first.</param>
/// <inheritdoc cref="RecurrentLayer" path="/remarks"/>
public sealed partial class GRU(
    int inputSize, int hiddenSize, int layers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false)
    : RecurrentLayer(3, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional)
{
    /// <summary>The outputs of the last layer, starting from zeros: x [T, N, C] → [T, N, H] (2 H if bidirectional).</summary>
    /// <exception cref="ShapeException">x does not have that shape.</exception>
    public override Tensor Forward(Tensor x) => Run(x, null, null, null, wantsState: false).Output;

    /// <summary>The outputs of the last layer and the final state of every layer and direction [layers · directions, N, H].</summary>
    /// <param name="x">[T, N, C].</param>
    /// <param name="state">The state to start from [layers · directions, N, H]; zeros where it is null.</param>
    /// <param name="lengths">How many steps of each sequence count [N]; all where it is null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="ArgumentException">A length is negative or above T.</exception>
    public (Tensor Output, Tensor State) Forward(Tensor x, Tensor? state, Tensor? lengths = null)
    {
        var (output, hidden, _) = Run(x, state, null, lengths, wantsState: true);
        return (output, hidden!);
    }

    private protected override (Tensor Output, Tensor? Cell) Sequence(
        Tensor x, (Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias) weights,
        Tensor? hidden, Tensor? cell, bool reverse, Tensor? lengths, bool wantsCell) =>
        (x.Gru(weights.InputWeight, weights.HiddenWeight, weights.InputBias, weights.HiddenBias, hidden, reverse, lengths), null);
}
