namespace Cajal;

/// <summary>
/// An Elman network (1990) along sequences, h' = tanh(W x + b + U h + c): x [T, N, C] → [T, N, H]. Weights start uniform in ±1/√H.
/// </summary>
/// <param name="inputSize">C, the width of x.</param>
/// <param name="hiddenSize">H, the width of the state.</param>
/// <param name="layers">How many recurrences stand on top of each other.</param>
/// <param name="activation">The function at the end of a step: tanh, or max(·, 0).</param>
/// <param name="bias">Whether biases are added.</param>
/// <param name="batchFirst">Whether x and the output are [N, T, ...]; [T, N, ...] otherwise, as in PyTorch.</param>
/// <param name="dropout">In training, the share of each layer's outputs that is dropped on the way to the next layer.</param>
/// <param name="bidirectional">Whether a second recurrence goes from the last step to the first; its output stands behind that of the first.</param>
/// <inheritdoc cref="RecurrentLayer" path="/remarks"/>
public sealed partial class RNN(
    int inputSize, int hiddenSize, int layers = 1, RecurrentActivation activation = RecurrentActivation.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false)
    : RecurrentLayer(1, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional)
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
        (x.Rnn(weights.InputWeight, weights.HiddenWeight, weights.InputBias, weights.HiddenBias, hidden, activation, reverse, lengths), null);
}
