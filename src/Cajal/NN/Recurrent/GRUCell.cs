namespace Cajal;

/// <summary>
/// One step of a gated recurrent unit (Cho et al. 2014): x [N, inputSize], h [N, hiddenSize] → h' = (1 - z) n + z h [N, hiddenSize], with r, z = σ(W x + b + U h + c)
/// and n = tanh(Wₙ x + bₙ + r (Uₙ h + cₙ)). The weights hold the gates in the order r, z, n and start uniform in ±1/√hiddenSize.
/// </summary>
/// <param name="inputSize">Width of x.</param>
/// <param name="hiddenSize">Width of the state.</param>
/// <param name="bias">Whether b and c are added.</param>
public sealed partial class GRUCell(int inputSize, int hiddenSize, bool bias = true) : RecurrentCell(3, inputSize, hiddenSize, bias)
{
    /// <summary>The step from a state of zeros.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize].</exception>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>The step from <paramref name="hidden"/> [N, hiddenSize], or from zeros where it is null.</summary>
    /// <exception cref="ShapeException">x is not [N, inputSize], or hidden not [N, hiddenSize].</exception>
    public Tensor Forward(Tensor x, Tensor? hidden) => Report(x, OneStep(x, hidden).Gru(InputWeight, HiddenWeight, InputBias, HiddenBias, hidden).Squeeze(0));
}
