namespace Cajal;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gates: Gers et al. 2000) along sequences: x [T, N, C] → [T, N, H]. The weights hold the
/// gates in the order i, f, g, o and start uniform in ±1/√H; see <see cref="LSTMCell"/> for the step.
/// </summary>
/// <param name="inputSize">C, the width of x.</param>
/// <param name="hiddenSize">H, the width of both states.</param>
/// <param name="layers">How many recurrences stand on top of each other.</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="batchFirst">Whether x and the output are [N, T, ...]; [T, N, ...] otherwise, as in PyTorch.</param>
/// <param name="dropout">In training, the share of each layer's outputs that is dropped on the way to the next layer.</param>
/// <param name="bidirectional">Whether a second recurrence goes from the last step to the first; its output stands behind that of the first.</param>
/// <inheritdoc cref="RecurrentLayer" path="/remarks"/>
public sealed partial class LSTM(
    int inputSize, int hiddenSize, int layers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false)
    : RecurrentLayer(4, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional)
{
    /// <summary>The outputs of the last layer, starting from zeros: x [T, N, C] → [T, N, H] (2 H if bidirectional).</summary>
    /// <exception cref="ShapeException">x does not have that shape.</exception>
    public override Tensor Forward(Tensor x) => Run(x, null, null, null, wantsState: false).Output;

    /// <summary>The outputs of the last layer and the final states of every layer and direction, both [layers · directions, N, H].</summary>
    /// <param name="x">[T, N, C].</param>
    /// <param name="state">The states to start from, both [layers · directions, N, H]; zeros where it is null.</param>
    /// <param name="lengths">How many steps of each sequence count [N]; all where it is null.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="ArgumentException">A length is negative or above T.</exception>
    public (Tensor Output, LstmState State) Forward(Tensor x, LstmState? state, Tensor? lengths = null)
    {
        var (output, hidden, cell) = Run(x, state?.Hidden, state?.Cell, lengths, wantsState: true);
        return (output, new(hidden!, cell!));
    }

    private protected override (Tensor Output, Tensor? Cell) Sequence(
        Tensor x, (Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias) weights,
        Tensor? hidden, Tensor? cell, bool reverse, Tensor? lengths, bool wantsCell)
    {
        var (w, u, b, c) = weights;
        return wantsCell ? x.Lstm(w, u, b, c, hidden, cell, reverse, lengths) : (x.LstmStates(w, u, b, c, hidden, cell, reverse, lengths), null);
    }
}
