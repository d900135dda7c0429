namespace Cajal;

/// <summary>A recurrent network along whole sequences, in one layer or several: what <see cref="RNN"/>, <see cref="LSTM"/> and <see cref="GRU"/> share.</summary>
/// <remarks>
/// Sequences are [T, N, C] unless <see cref="BatchFirst"/> says [N, T, C], as in PyTorch; states are [layers · directions, N, H] either way, the two
/// directions of a layer behind each other. <c>lengths</c> [N] (Int64) names how many steps of each sequence count. Behind its end a sequence is frozen: its
/// state no longer changes (so the final state is that after its own last step, and the backward direction starts there), its outputs are 0, and
/// what x holds there does not matter. That is what packing gives in PyTorch, without sorting or packing.
/// </remarks>
public abstract partial class RecurrentLayer : Module
{
    private const int PerDirection = 4;
    private static readonly string[] Names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

    /// <summary>Four for each direction of each layer, in the order of <see cref="Names"/>; biases may be null.</summary>
    private readonly Parameter?[] weights;

    [NotVisited]
    private readonly Dropout? between;

    private protected RecurrentLayer(int gates, int inputSize, int hiddenSize, int layers, bool bias, bool batchFirst, double dropout, bool bidirectional)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        if (!(dropout is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, $"{GetType().Name}: the probability of dropout must lie in [0, 1).");
        (InputSize, HiddenSize, Layers, Bias, BatchFirst, Dropout, Bidirectional) = (inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional);
        if (dropout > 0) between = new(dropout);
        weights = new Parameter?[layers * Directions * PerDirection];
        int rows = gates * hiddenSize;
        for (int i = 0; i < weights.Length; i += PerDirection)
        {
            int width = i < Directions * PerDirection ? inputSize : Directions * hiddenSize;
            weights[i] = new(Initialise.Default([rows, width], hiddenSize));
            weights[i + 1] = new(Initialise.Default([rows, hiddenSize], hiddenSize));
            if (!bias) continue;
            weights[i + 2] = new(Initialise.Default([rows], hiddenSize));
            weights[i + 3] = new(Initialise.Default([rows], hiddenSize));
        }
    }

    /// <summary>C, the width of x.</summary>
    public int InputSize { get; }

    /// <summary>H, the width of a state; the output is twice as wide in a bidirectional network.</summary>
    public int HiddenSize { get; }

    /// <summary>How many recurrences stand on top of each other.</summary>
    public int Layers { get; }

    /// <summary>Whether there are biases.</summary>
    public bool Bias { get; }

    /// <summary>Whether x and the output are [N, T, ...] in place of [T, N, ...].</summary>
    public bool BatchFirst { get; }

    /// <summary>In training, the share of each layer's outputs that is dropped on the way to the next layer.</summary>
    public double Dropout { get; }

    /// <summary>Whether a second recurrence goes from the last step to the first.</summary>
    public bool Bidirectional { get; }

    private int Directions => Bidirectional ? 2 : 1;

    /// <summary>W, U and the biases of one direction of one layer (null where the network has none).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or the network has one direction only.</exception>
    public (Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias) WeightsOf(int layer, bool reverse = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Layers);
        if (reverse && !Bidirectional) throw new ArgumentOutOfRangeException(nameof(reverse), reverse, $"{Label}: the network runs forward only; make it bidirectional.");
        int at = (layer * Directions + (reverse ? 1 : 0)) * PerDirection;
        return (weights[at]!, weights[at + 1]!, weights[at + 2], weights[at + 3]);
    }

    /// <inheritdoc/>
    protected override void VisitMembers(ModuleVisitor visitor)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            int direction = i / PerDirection;
            visitor.Parameter($"{Names[i % PerDirection]}_l{direction / Directions}{(direction % Directions == 1 ? "_reverse" : "")}", weights[i]);
        }
    }

    /// <summary>One recurrence, [T, N, ...] → [T, N, H]; the last cell state [N, H] beside it where there is one and it is wanted.</summary>
    private protected abstract (Tensor Output, Tensor? Cell) Sequence(
        Tensor x, (Parameter InputWeight, Parameter HiddenWeight, Parameter? InputBias, Parameter? HiddenBias) weights,
        Tensor? hidden, Tensor? cell, bool reverse, Tensor? lengths, bool wantsCell);

    /// <summary>All layers. The final states are there only if they are wanted.</summary>
    private protected (Tensor Output, Tensor? Hidden, Tensor? Cell) Run(Tensor x, Tensor? hidden, Tensor? cell, Tensor? lengths, bool wantsState)
    {
        if (x.Rank != 3 || x.Dims[2] != InputSize)
            throw new ShapeException($"{Label}: x must be [{(BatchFirst ? "N, T" : "T, N")}, inputSize = {InputSize}], but it is {x.Shape}.");
        var given = x;
        if (BatchFirst) x = x.Transpose(0, 1);
        int batch = x.Dims[1];
        Check("hidden", hidden);
        Check("cell", cell);
        var finalHidden = new List<Tensor>();
        var finalCell = new List<Tensor>();
        var directions = new Tensor[Directions];
        for (int layer = 0; layer < Layers; layer++)
        {
            if (layer > 0 && IsTraining && between is not null) x = between.Forward(x);
            for (int direction = 0; direction < directions.Length; direction++)
            {
                bool reverse = direction == 1;
                int at = layer * Directions + direction;
                var (states, last) = Sequence(x, WeightsOf(layer, reverse), hidden?.Select(0, at), cell?.Select(0, at), reverse, lengths, wantsState);
                directions[direction] = states;
                if (!wantsState) continue;
                finalHidden.Add(states.Select(0, reverse ? 0 : states.Dims[0] - 1));
                if (last is not null) finalCell.Add(last);
            }
            x = directions.Length == 1 ? directions[0] : Tensor.Concat(directions, 2);
        }
        if (lengths is not null) x = TensorOps.KeepWhere(x, TensorOps.StepsWithin(lengths, x.Dims[0], x.DType));
        if (BatchFirst) x = x.Transpose(0, 1);
        return (Report(given, x), Stacked(finalHidden), Stacked(finalCell));

        void Check(string name, Tensor? state)
        {
            if (state is null || (state.Rank == 3 && state.Dims[0] == Layers * Directions && state.Dims[1] == batch && state.Dims[2] == HiddenSize)) return;
            throw new ShapeException($"{Label}: the initial {name} state must be [layers · directions, N, hiddenSize] = [{Layers * Directions}, {batch}, {HiddenSize}], " +
                $"but it is {state.Shape}; x is {given.Shape}.");
        }
    }

    private static Tensor? Stacked(List<Tensor> states) => states.Count switch { 0 => null, 1 => states[0].Unsqueeze(0), _ => Tensor.Stack(states.ToArray()) };
}
