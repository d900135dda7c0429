namespace Cajal;

/// <summary>
/// One step of an Elman network (1990): x [N, inputSize], h [N, hiddenSize] → h' = tanh(W x + b + U h + c) [N, hiddenSize]. Weights start uniform in
/// ±1/√hiddenSize.
/// </summary>
/// <param name="inputSize">Width of x.</param>
/// <param name="hiddenSize">Width of the state.</param>
/// <param name="bias">Whether b and c are added.</param>
/// <param name="activation">The function at the end: tanh, or max(·, 0).</param>
public sealed partial class RNNCell(int inputSize, int hiddenSize, bool bias = true, RecurrentActivation activation = RecurrentActivation.Tanh)
    : RecurrentCell(1, inputSize, hiddenSize, bias)
{
    /// <summary>The step from a state of zeros.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize].</exception>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>The step from <paramref name="hidden"/> [N, hiddenSize], or from zeros where it is null.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize], or hidden not [N, hiddenSize].</exception>
    public Tensor Forward(Tensor x, Tensor? hidden) =>
        Report(x, OneStep(x, hidden).Rnn(InputWeight, HiddenWeight, InputBias, HiddenBias, hidden, activation).Squeeze(0));
}
