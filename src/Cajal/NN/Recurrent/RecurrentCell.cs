namespace Cajal;

/// <summary>One step of a recurrent network: what <see cref="RNNCell"/>, <see cref="LSTMCell"/> and <see cref="GRUCell"/> share.</summary>
public abstract partial class RecurrentCell : Module
{
    [Key("weight_ih")]
    private readonly Parameter inputWeight;

    [Key("weight_hh")]
    private readonly Parameter hiddenWeight;

    [Key("bias_ih")]
    private readonly Parameter? inputBias;

    [Key("bias_hh")]
    private readonly Parameter? hiddenBias;

    private protected RecurrentCell(int gates, int inputSize, int hiddenSize, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        (InputSize, HiddenSize) = (inputSize, hiddenSize);
        int rows = gates * hiddenSize;
        inputWeight = new(Initialise.Default([rows, inputSize], hiddenSize));
        hiddenWeight = new(Initialise.Default([rows, hiddenSize], hiddenSize));
        inputBias = bias ? new(Initialise.Default([rows], hiddenSize)) : null;
        hiddenBias = bias ? new(Initialise.Default([rows], hiddenSize)) : null;
    }

    /// <summary>C, the width of x.</summary>
    public int InputSize { get; }

    /// <summary>H, the width of the state.</summary>
    public int HiddenSize { get; }

    /// <summary>Whether there are biases.</summary>
    public bool Bias => inputBias is not null;

    /// <summary>W [gates · H, C].</summary>
    public Parameter InputWeight => inputWeight;

    /// <summary>U [gates · H, H].</summary>
    public Parameter HiddenWeight => hiddenWeight;

    /// <summary>b [gates · H], or null.</summary>
    public Parameter? InputBias => inputBias;

    /// <summary>c [gates · H], or null.</summary>
    public Parameter? HiddenBias => hiddenBias;

    /// <summary>x [N, C] as a sequence of one step.</summary>
    private protected Tensor OneStep(Tensor x, Tensor? hidden, Tensor? cell = null)
    {
        if (x.Rank != 2 || x.Dims[1] != InputSize) throw new ShapeException($"{Label}: x must be [N, inputSize = {InputSize}], but it is {x.Shape}.");
        Check("hidden", hidden);
        Check("cell", cell);
        return x.Unsqueeze(0);

        void Check(string name, Tensor? state)
        {
            if (state is null || (state.Rank == 2 && state.Dims[0] == x.Dims[0] && state.Dims[1] == HiddenSize)) return;
            throw new ShapeException($"{Label}: the {name} state must be [N, hiddenSize] = [{x.Dims[0]}, {HiddenSize}], but it is {state.Shape}; x is {x.Shape}.");
        }
    }
}
