namespace Cajal.Models;

/// <summary>The step of a recurrent network.</summary>
public enum RecurrentType
{
    /// <summary>h' = tanh(W x + U h + b) (Elman 1990).</summary>
    Rnn,

    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997; forget gates: Gers et al. 2000).</summary>
    Lstm,

    /// <summary>Gated recurrent units (Cho et al. 2014).</summary>
    Gru,
}

/// <summary>Where a recurrent network is read.</summary>
public enum RecurrentReadout
{
    /// <summary>Once, when the sequence has ended: x [N, T, C] → [N, K].</summary>
    Last,

    /// <summary>At every step: x [N, T, C] → [N, T, K].</summary>
    EveryStep,
}

/// <summary>
/// A classifier or regressor of sequences: recurrent layers and a linear head, x [N, T, C] → [N, K] or [N, T, K]. <see cref="RecurrentStart"/> has starting values that suit long
/// sequences.
/// </summary>
public sealed partial class RecurrentNetwork : Module
{
    private readonly RecurrentLayer recurrent;
    private readonly Linear head;

    /// <summary>Weights start as in PyTorch: uniform in ±1/√H.</summary>
    /// <param name="type">The step.</param>
    /// <param name="inputSize">C, the width of x.</param>
    /// <param name="hiddenSize">H, the width of the state.</param>
    /// <param name="outputs">K: classes, or columns of the target.</param>
    /// <param name="layers">How many recurrences stand on top of each other.</param>
    /// <param name="readout">Where the head reads.</param>
    /// <param name="dropout">In training, the share of each layer's outputs that is dropped on the way to the next layer.</param>
    /// <param name="bidirectional">Whether a second recurrence goes from the last step to the first.</param>
    public RecurrentNetwork(
        RecurrentType type, int inputSize, int hiddenSize, int outputs, int layers = 1, RecurrentReadout readout = RecurrentReadout.Last, double dropout = 0, bool bidirectional = false)
    {
        (Type, Readout) = (type, readout);
        recurrent = type switch
        {
            RecurrentType.Rnn => new RNN(inputSize, hiddenSize, layers, batchFirst: true, dropout: dropout, bidirectional: bidirectional),
            RecurrentType.Lstm => new LSTM(inputSize, hiddenSize, layers, batchFirst: true, dropout: dropout, bidirectional: bidirectional),
            RecurrentType.Gru => new GRU(inputSize, hiddenSize, layers, batchFirst: true, dropout: dropout, bidirectional: bidirectional),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "RecurrentNetwork: the type must be Rnn, Lstm or Gru."),
        };
        head = new(bidirectional ? 2 * hiddenSize : hiddenSize, outputs);
        Outputs = outputs;
    }

    /// <summary>The step.</summary>
    public RecurrentType Type { get; }

    /// <summary>Where the head reads.</summary>
    public RecurrentReadout Readout { get; }

    /// <summary>C, the width of x.</summary>
    public int InputSize => recurrent.InputSize;

    /// <summary>H, the width of the state.</summary>
    public int HiddenSize => recurrent.HiddenSize;

    /// <summary>K: classes, or columns of the target.</summary>
    public int Outputs { get; }

    /// <summary>How many recurrences stand on top of each other.</summary>
    public int Layers => recurrent.Layers;

    /// <summary>In training, the share of each layer's outputs that is dropped on the way to the next layer.</summary>
    public double Dropout => recurrent.Dropout;

    /// <summary>Whether a second recurrence goes from the last step to the first.</summary>
    public bool Bidirectional => recurrent.Bidirectional;

    /// <summary>The layers below the head: an <see cref="RNN"/>, <see cref="LSTM"/> or <see cref="GRU"/>.</summary>
    public RecurrentLayer Recurrent => recurrent;

    /// <summary>The linear layer that reads the state.</summary>
    public Linear Head => head;

    /// <summary>x [N, T, C] → [N, K], or [N, T, K] when every step is read.</summary>
    /// <exception cref="ShapeException">x does not have that shape.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>The same for sequences of different lengths, filled up to T steps with anything.</summary>
    /// <param name="x">[N, T, C].</param>
    /// <param name="lengths">How many steps of each sequence count [N]; all where it is null. Behind its end a sequence is not read; where every step is, the head sees zeros there.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    /// <exception cref="ArgumentException">A length is negative or above T.</exception>
    public Tensor Forward(Tensor x, Tensor? lengths)
    {
        var (states, last) = Run(x, lengths);
        return Report(x, head.Forward(Readout == RecurrentReadout.EveryStep ? states : LastOfLayer(last)));
    }

    private (Tensor States, Tensor Last) Run(Tensor x, Tensor? lengths)
    {
        switch (recurrent)
        {
            case LSTM lstm:
                var (outputs, state) = lstm.Forward(x, null, lengths);
                return (outputs, state.Hidden);
            case GRU gru:
                return gru.Forward(x, null, lengths);
            default:
                return ((RNN)recurrent).Forward(x, null, lengths);
        }
    }

    /// <summary>[layers · directions, N, H] → the last layer's [N, H], both directions side by side.</summary>
    private Tensor LastOfLayer(Tensor states)
    {
        int at = states.Shape[0] - 1;
        return Bidirectional ? Tensor.Concat([states.Select(0, at - 1), states.Select(0, at)], 1) : states.Select(0, at);
    }
}
