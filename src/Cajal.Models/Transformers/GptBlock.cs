namespace Cajal.Models;

/// <summary>
/// Causal self-attention of several heads as GPT-2 has it: one projection gives queries, keys and values, a second joins the heads. x [N, T, E] → [N, T, E]; position t sees 0 ... t only.
/// </summary>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="heads">How many heads share E.</param>
/// <param name="dropout">In training, the share of attention weights and of results that is dropped.</param>
/// <param name="bias">Whether the projections add a number to each column.</param>
public sealed partial class CausalSelfAttention(int width, int heads, double dropout = 0, bool bias = true) : Module
{
    [Key("c_attn")]
    private readonly Linear projections = new(Checked(width, heads), 3 * width, bias);

    [Key("c_proj")]
    private readonly Linear join = new(width, width, bias);

    private readonly Dropout drop = new(dropout);

    /// <summary>The projection of the heads' results, side by side.</summary>
    public Linear Join => join;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public override Tensor Forward(Tensor x)
    {
        var (query, key, value) = Project(x);
        return Report(x, Joined(Tensor.ScaledDotProductAttention(query, key, value, causal: true, dropout: IsTraining ? dropout : 0)));
    }

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights [N, heads, T, T]; rows are queries and sum to 1. They take memory; the result is the same.</summary>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(Tensor x)
    {
        var (query, key, value) = Project(x);
        int time = x.Shape[1];
        var future = Tensor.Ones([time, time], x.DType).Tril().EqualTo(0);
        var weights = (query.MatMul(key.T) * (1 / Math.Sqrt(width / heads))).MaskedFill(future, double.NegativeInfinity).Softmax();
        return (Joined(weights.MatMul(value)), weights);
    }

    /// <summary>
    /// The positions that follow those in <paramref name="memory"/>, whose keys and values are not computed again; those of x are added to it. x [N, T, E] → [N, T, E]. Nothing is recorded
    /// for gradients. T must be 1 unless the memory is empty.
    /// </summary>
    internal Tensor Continue(Tensor x, AttentionMemory memory, int length)
    {
        var (query, key, value) = Project(x);
        var (keys, values) = memory.Append(key, value, length);
        return Joined(Tensor.ScaledDotProductAttention(query, keys, values, causal: length == 0));
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x)
    {
        if (x.Rank != 3 || x.Shape[2] != width) throw new ShapeException($"{Label}: x must be [N, T, width = {width}], but it is {x.Shape}.");
        var parts = projections.Forward(x).Reshape(x.Shape[0], x.Shape[1], 3, heads, width / heads).Permute(2, 0, 3, 1, 4);
        return (parts.Select(0, 0), parts.Select(0, 1), parts.Select(0, 2));
    }

    private Tensor Joined(Tensor heads) => drop.Forward(join.Forward(heads.Permute(0, 2, 1, 3).Flatten(2)));

    private static int Checked(int width, int heads) => width >= 1 && heads >= 1 && width % heads == 0
        ? width
        : throw new ArgumentException($"CausalSelfAttention: width ({width}) must be a multiple of heads ({heads}), both at least 1.", nameof(heads));
}

/// <summary>The feed-forward part of a GPT-2 block, gelu(x W₁ᵀ + b₁) W₂ᵀ + b₂ with four times the width inside and GPT-2's form of GELU, by tanh: x [..., E] → [..., E].</summary>
/// <param name="width">E.</param>
/// <param name="dropout">In training, the share of results that is dropped.</param>
/// <param name="bias">Whether the maps add a number to each column.</param>
public sealed partial class GptFeedForward(int width, double dropout = 0, bool bias = true) : Module
{
    private const int Expansion = 4;

    [Key("c_fc")]
    private readonly Linear widen = new(width, Expansion * width, bias);

    [Key("c_proj")]
    private readonly Linear narrow = new(Expansion * width, width, bias);

    private readonly Dropout drop = new(dropout);

    /// <summary>The second map, back to the width.</summary>
    public Linear Narrow => narrow;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not E long.</exception>
    public override Tensor Forward(Tensor x) => Report(x, drop.Forward(narrow.Forward(widen.Forward(x).Gelu(GeluApproximation.Tanh))));
}

/// <summary>A block of GPT-2 (Radford et al. 2019), with the normalisation before each part: x ← x + attention(norm(x)), x ← x + feedForward(norm(x)); x [N, T, E] → [N, T, E].</summary>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="heads">Heads of the attention.</param>
/// <param name="dropout">In training, the share of attention weights and of both parts' results that is dropped.</param>
/// <param name="bias">Whether linear maps and normalisations add a number to each column.</param>
public sealed partial class GptBlock(int width, int heads, double dropout = 0, bool bias = true) : Module
{
    [Key("ln_1")]
    private readonly LayerNorm beforeAttention = new([width], hasBias: bias);

    [Key("attn")]
    private readonly CausalSelfAttention attention = new(width, heads, dropout, bias);

    [Key("ln_2")]
    private readonly LayerNorm beforeFeedForward = new([width], hasBias: bias);

    [Key("mlp")]
    private readonly GptFeedForward feedForward = new(width, dropout, bias);

    /// <summary>The attention.</summary>
    public CausalSelfAttention Attention => attention;

    /// <summary>The feed-forward part.</summary>
    public GptFeedForward FeedForward => feedForward;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public override Tensor Forward(Tensor x)
    {
        var y = x + attention.Forward(beforeAttention.Forward(x));
        return Report(x, y + feedForward.Forward(beforeFeedForward.Forward(y)));
    }

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights [N, heads, T, T].</summary>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(Tensor x)
    {
        var (attended, weights) = attention.ForwardWithWeights(beforeAttention.Forward(x));
        var y = x + attended;
        return (y + feedForward.Forward(beforeFeedForward.Forward(y)), weights);
    }

    internal Tensor Continue(Tensor x, AttentionMemory memory, int length)
    {
        var y = x + attention.Continue(beforeAttention.Forward(x), memory, length);
        return y + feedForward.Forward(beforeFeedForward.Forward(y));
    }
}
