namespace Cajal.Models;

/// <summary>How a decoder uses what it attends to.</summary>
public enum AttentionScheme
{
    /// <summary>Behind the step: the new state asks, and what it sees is joined to it (Luong, Pham and Manning 2015, global attention without input feeding).</summary>
    Luong,

    /// <summary>Before the step: the old state asks, and what it sees goes into the step (Bahdanau, Cho and Bengio 2015).</summary>
    Bahdanau,
}

/// <summary>What a decoder gives for T symbols.</summary>
/// <param name="Logits">[N, T, symbols].</param>
/// <param name="Weights">How much of each source symbol was seen [N, T, S].</param>
/// <param name="State">After the last step [N, H].</param>
public sealed record DecoderOutput(Tensor Logits, Tensor Weights, Tensor State);

/// <summary>A recurrent language model with a view of the source: symbols so far → logits of the next.</summary>
/// <param name="symbols">How many symbols there are.</param>
/// <param name="width">E, the width of their embedding.</param>
/// <param name="dropout">In training, the share of the embedding that is dropped.</param>
public abstract partial class AttentionDecoder(int symbols, int width, double dropout) : Module
{
    private readonly Embedding embedding = new(symbols, width);

    [NotVisited]
    private readonly Dropout? drop = dropout > 0 ? new(dropout) : null;

    /// <summary>How the source is attended to.</summary>
    public abstract SourceAttention Attention { get; }

    /// <summary>Takes T symbols in, each of which was chosen or given before, and tells what may follow each.</summary>
    /// <param name="symbols">[N, T], Int64.</param>
    /// <param name="state">[N, H].</param>
    /// <param name="memory">The sources.</param>
    public abstract DecoderOutput Run(Tensor symbols, Tensor state, SourceMemory memory);

    /// <summary>Rows for symbols: [N, T] → [N, T, E].</summary>
    protected Tensor Embed(Tensor symbols)
    {
        var rows = embedding.Forward(symbols);
        return IsTraining && drop is not null ? drop.Forward(rows) : rows;
    }
}

/// <summary>
/// h = GRU(y, h), c = attend(h), logits = V tanh(W [h, c]) (Luong, Pham and Manning 2015). The recurrence does not wait for the attention, so a target that is known runs through it in one piece.
/// </summary>
/// <param name="symbols">How many symbols there are.</param>
/// <param name="width">E, the width of their embedding.</param>
/// <param name="hidden">H, the width of the state.</param>
/// <param name="keyWidth">K, the width of the encoder's states.</param>
/// <param name="dropout">In training, the share of the embedding that is dropped.</param>
public sealed partial class LuongDecoder(int symbols, int width, int hidden, int keyWidth, double dropout = 0) : AttentionDecoder(symbols, width, dropout)
{
    private readonly GRU recurrent = new(width, hidden, batchFirst: true);
    private readonly MultiplicativeAttention attention = new(hidden, keyWidth);
    private readonly Linear join = new(hidden + keyWidth, hidden);
    private readonly Linear head = new(hidden, symbols);

    /// <inheritdoc/>
    public override SourceAttention Attention => attention;

    /// <inheritdoc/>
    public override DecoderOutput Run(Tensor symbols, Tensor state, SourceMemory memory)
    {
        var (states, last) = recurrent.Forward(Embed(symbols), state.Unsqueeze(0));
        var (context, weights) = attention.Attend(states, memory);
        return new(head.Forward(join.Forward(Tensor.Concat([states, context], 2)).Tanh()), weights, last.Squeeze(0));
    }
}

/// <summary>
/// c = attend(h), h = GRU([y, c], h), logits = V tanh(W [h, y, c]) (Bahdanau, Cho and Bengio 2015, with a hyperbolic tangent where they take the larger of pairs). What is attended to may
/// depend on all that was written, at the price of going step by step.
/// </summary>
/// <param name="symbols">How many symbols there are.</param>
/// <param name="width">E, the width of their embedding.</param>
/// <param name="hidden">H, the width of the state.</param>
/// <param name="keyWidth">K, the width of the encoder's states.</param>
/// <param name="dropout">In training, the share of the embedding that is dropped.</param>
public sealed partial class BahdanauDecoder(int symbols, int width, int hidden, int keyWidth, double dropout = 0) : AttentionDecoder(symbols, width, dropout)
{
    private readonly AdditiveAttention attention = new(hidden, keyWidth, hidden);
    private readonly GRUCell cell = new(width + keyWidth, hidden);
    private readonly Linear join = new(hidden + width + keyWidth, hidden);
    private readonly Linear head = new(hidden, symbols);

    /// <inheritdoc/>
    public override SourceAttention Attention => attention;

    /// <inheritdoc/>
    public override DecoderOutput Run(Tensor symbols, Tensor state, SourceMemory memory)
    {
        var embedded = Embed(symbols);
        int steps = symbols.Shape[1];
        var (joined, seen) = (new Tensor[steps], new Tensor[steps]);
        for (int t = 0; t < steps; t++)
        {
            var (context, weights) = attention.Attend(state.Unsqueeze(1), memory);
            var input = Tensor.Concat([embedded.Select(1, t), context.Squeeze(1)], 1);
            state = cell.Forward(input, state);
            joined[t] = Tensor.Concat([state, input], 1);
            seen[t] = weights.Squeeze(1);
        }
        return new(head.Forward(join.Forward(Tensor.Stack(joined, 1)).Tanh()), Tensor.Stack(seen, 1), state);
    }
}
