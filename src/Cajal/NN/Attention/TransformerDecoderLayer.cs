namespace Cajal;

/// <summary>
/// Self-attention, attention to a memory and a feed-forward network, each with a shortcut around it (Vaswani et al. 2017): x [N, T, E], memory [N, S, E] → [N, T, E].
/// Post-norm: x = norm(x + f(x)); pre-norm: x = x + f(norm(x)).
/// </summary>
/// <param name="width">E.</param>
/// <param name="numHeads">Heads of both attentions.</param>
/// <param name="feedForward">Width inside the feed-forward network.</param>
/// <param name="dropout">In training, the share of attention weights and of all parts' results that is dropped.</param>
/// <param name="activation">The function inside the feed-forward network.</param>
/// <param name="normFirst">Pre-norm in place of post-norm.</param>
/// <param name="batchFirst">Whether x and memory are [N, ...]; [T, N, E] and [S, N, E] otherwise, as in PyTorch.</param>
/// <param name="epsilon">Keeps the roots of the normalisations away from 0.</param>
public sealed partial class TransformerDecoderLayer(
    int width, int numHeads, int feedForward = 2048, double dropout = 0.1, TransformerActivation activation = TransformerActivation.Relu,
    bool normFirst = false, bool batchFirst = false, double epsilon = 1e-5) : Module
{
    [Key("self_attn")]
    private readonly MultiheadAttention selfAttention = new(width, numHeads, dropout, batchFirst: batchFirst);

    [Key("multihead_attn")]
    private readonly MultiheadAttention crossAttention = new(width, numHeads, dropout, batchFirst: batchFirst);

    private readonly Linear linear1 = new(width, feedForward);
    private readonly Linear linear2 = new(feedForward, width);
    private readonly LayerNorm norm1 = new([width], epsilon);
    private readonly LayerNorm norm2 = new([width], epsilon);
    private readonly LayerNorm norm3 = new([width], epsilon);
    private readonly Dropout drop = new(dropout);

    /// <summary>The layer's result.</summary>
    /// <param name="x">[N, T, E].</param>
    /// <param name="memory">What the encoder made [N, S, E].</param>
    /// <param name="mask">Between positions of x, as in <see cref="MultiheadAttention"/>: Bool, true hides; or real, added to the scores.</param>
    /// <param name="memoryMask">[T, S], between positions of x and of the memory.</param>
    /// <param name="keyPaddingMask">[N, T]: Bool, true hides a position of x.</param>
    /// <param name="memoryKeyPaddingMask">[N, S]: Bool, true hides a position of the memory.</param>
    /// <param name="causal">Position i of x sees 0 ... i of x only.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(
        Tensor x, Tensor memory, Tensor? mask = null, Tensor? memoryMask = null, Tensor? keyPaddingMask = null, Tensor? memoryKeyPaddingMask = null, bool causal = false)
    {
        if (x.Rank != 3 || x.Dims[2] != width) throw new ShapeException($"{Label}: x must be [{(batchFirst ? "N, T" : "T, N")}, width = {width}], but it is {x.Shape}.");
        if (normFirst)
        {
            var y = x + Own(norm1.Forward(x));
            y += Cross(norm2.Forward(y));
            return Report(x, y + Feed(norm3.Forward(y)));
        }
        var z = norm1.Forward(x + Own(x));
        z = norm2.Forward(z + Cross(z));
        return Report(x, norm3.Forward(z + Feed(z)));

        Tensor Own(Tensor own) => drop.Forward(selfAttention.Forward(own, own, own, mask, keyPaddingMask, causal));

        Tensor Cross(Tensor own) => drop.Forward(crossAttention.Forward(own, memory, memory, memoryMask, memoryKeyPaddingMask));
    }

    private Tensor Feed(Tensor x)
    {
        var inner = linear1.Forward(x);
        return drop.Forward(linear2.Forward(drop.Forward(activation == TransformerActivation.Gelu ? inner.Gelu() : inner.Relu())));
    }
}
