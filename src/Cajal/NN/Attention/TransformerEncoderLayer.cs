namespace Cajal;

/// <summary>The function between the two linear maps of a transformer's feed-forward part.</summary>
public enum TransformerActivation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x Φ(x).</summary>
    Gelu,
}

/// <summary>
/// Self-attention and a feed-forward network, each with a shortcut around it (Vaswani et al. 2017): x [N, T, E] → [N, T, E]. Post-norm: x = norm(x + f(x));
/// pre-norm: x = x + f(norm(x)), which trains without a warm-up (Xiong et al. 2020).
/// </summary>
/// <param name="width">E.</param>
/// <param name="numHeads">Heads of the attention.</param>
/// <param name="feedForward">Width inside the feed-forward network.</param>
/// <param name="dropout">In training, the share of attention weights and of both parts' results that is dropped.</param>
/// <param name="activation">The function inside the feed-forward network.</param>
/// <param name="normFirst">Pre-norm in place of post-norm.</param>
/// <param name="batchFirst">Whether x is [N, T, E]; [T, N, E] otherwise, as in PyTorch.</param>
/// <param name="epsilon">Keeps the roots of the normalisations away from 0.</param>
public sealed partial class TransformerEncoderLayer(
    int width, int numHeads, int feedForward = 2048, double dropout = 0.1, TransformerActivation activation = TransformerActivation.Relu,
    bool normFirst = false, bool batchFirst = false, double epsilon = 1e-5) : Module
{
    [Key("self_attn")]
    private readonly MultiheadAttention selfAttention = new(width, numHeads, dropout, batchFirst: batchFirst);

    private readonly Linear linear1 = new(width, feedForward);
    private readonly Linear linear2 = new(feedForward, width);
    private readonly LayerNorm norm1 = new([width], epsilon);
    private readonly LayerNorm norm2 = new([width], epsilon);
    private readonly Dropout drop = new(dropout);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not have that shape.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>The layer's result where some keys are hidden from some queries.</summary>
    /// <param name="x">[N, T, E].</param>
    /// <param name="mask">[T, T] or one for each head, as in <see cref="MultiheadAttention"/>: Bool, true hides; or real, added to the scores.</param>
    /// <param name="keyPaddingMask">[N, T]: Bool, true hides a position from all others.</param>
    /// <param name="causal">Position i sees 0 ... i only.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? mask, Tensor? keyPaddingMask = null, bool causal = false)
    {
        if (x.Rank != 3 || x.Dims[2] != width) throw new ShapeException($"{Label}: x must be [{(batchFirst ? "N, T" : "T, N")}, width = {width}], but it is {x.Shape}.");
        if (normFirst)
        {
            var y = x + Attend(norm1.Forward(x));
            return Report(x, y + Feed(norm2.Forward(y)));
        }
        var z = norm1.Forward(x + Attend(x));
        return Report(x, norm2.Forward(z + Feed(z)));

        Tensor Attend(Tensor own) => drop.Forward(selfAttention.Forward(own, own, own, mask, keyPaddingMask, causal));
    }

    private Tensor Feed(Tensor x)
    {
        var inner = linear1.Forward(x);
        return drop.Forward(linear2.Forward(drop.Forward(activation == TransformerActivation.Gelu ? inner.Gelu() : inner.Relu())));
    }
}
