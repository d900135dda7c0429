namespace Cajal;

/// <summary>
/// One step of long short-term memory (Hochreiter and Schmidhuber 1997; forget gates: Gers et al. 2000): x [N, inputSize], h and c [N, hiddenSize] →
/// c' = f c + i g, h' = o tanh c', with i, f, o = σ(W x + b + U h + c) and g = tanh(·). The weights hold the gates in the order i, f, g, o and start uniform in
/// ±1/√hiddenSize.
/// </summary>
/// <param name="inputSize">Width of x.</param>
/// <param name="hiddenSize">Width of both states.</param>
/// <param name="bias">Whether biases are added.</param>
public sealed partial class LSTMCell(int inputSize, int hiddenSize, bool bias = true) : RecurrentCell(4, inputSize, hiddenSize, bias)
{
    /// <summary>The hidden state [N, hiddenSize] after a step from states of zeros.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize].</exception>
    public override Tensor Forward(Tensor x) => Forward(x, null).Hidden;

    /// <summary>The step from <paramref name="state"/> (both [N, hiddenSize]), or from zeros where it is null.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize], or a state not [N, hiddenSize].</exception>
    public LstmState Forward(Tensor x, LstmState? state)
    {
        var (output, cell) = OneStep(x, state?.Hidden, state?.Cell).Lstm(InputWeight, HiddenWeight, InputBias, HiddenBias, state?.Hidden, state?.Cell);
        return new(Report(x, output.Squeeze(0)), cell);
    }
}
