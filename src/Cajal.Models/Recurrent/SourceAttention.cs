namespace Cajal.Models;

/// <summary>
/// Attention of a decoder to the states of an encoder: weights α = softmax over S of a score of query and key, context Σ α k. Queries [N, T, Q] and keys [N, S, K] → contexts [N, T, K].
/// </summary>
public abstract partial class SourceAttention : Module
{
    private protected SourceAttention()
    {
    }

    /// <summary>What can be computed of the keys once for all queries.</summary>
    /// <param name="keys">[N, S, K].</param>
    public abstract Tensor Prepare(Tensor keys);

    /// <summary>Scores [N, T, S] before the softmax.</summary>
    /// <param name="query">[N, T, Q].</param>
    /// <param name="prepared">What <see cref="Prepare"/> gave for the keys.</param>
    public abstract Tensor Scores(Tensor query, Tensor prepared);

    /// <summary>Contexts [N, T, K] and the weights [N, T, S], which add up to 1 over S.</summary>
    /// <param name="query">[N, T, Q].</param>
    /// <param name="memory">The keys, and which of them are padding.</param>
    public (Tensor Context, Tensor Weights) Attend(Tensor query, SourceMemory memory)
    {
        var scores = Scores(query, memory.Prepared);
        if (memory.Padding is { } padding) scores = scores.MaskedFill(padding.Unsqueeze(1), double.NegativeInfinity);
        var weights = scores.Softmax();
        return (weights.MatMul(memory.Keys), weights);
    }
}

/// <summary>score = vᵀ tanh(W q + U k): a small network compares query and key (Bahdanau, Cho and Bengio 2015).</summary>
/// <param name="queryWidth">Q.</param>
/// <param name="keyWidth">K.</param>
/// <param name="width">Width of the network inside.</param>
public sealed partial class AdditiveAttention(int queryWidth, int keyWidth, int width) : SourceAttention
{
    private readonly Linear query = new(queryWidth, width, bias: false);
    private readonly Linear key = new(keyWidth, width);
    private readonly Linear score = new(width, 1, bias: false);

    /// <inheritdoc/>
    public override Tensor Prepare(Tensor keys) => key.Forward(keys).Unsqueeze(1);

    /// <inheritdoc/>
    public override Tensor Scores(Tensor query, Tensor prepared) => score.Forward((this.query.Forward(query).Unsqueeze(2) + prepared).Tanh()).Squeeze(-1);
}

/// <summary>score = qᵀ W k: the general form of Luong, Pham and Manning (2015).</summary>
/// <param name="queryWidth">Q.</param>
/// <param name="keyWidth">K.</param>
public sealed partial class MultiplicativeAttention(int queryWidth, int keyWidth) : SourceAttention
{
    private readonly Linear key = new(keyWidth, queryWidth, bias: false);

    /// <inheritdoc/>
    public override Tensor Prepare(Tensor keys) => key.Forward(keys).Transpose(1, 2);

    /// <inheritdoc/>
    public override Tensor Scores(Tensor query, Tensor prepared) => query.MatMul(prepared);
}
