namespace Cajal.Models;

/// <summary>
/// A block of the vision transformer (Dosovitskiy et al. 2021), with the normalisation before each part: x ← x + attention(norm(x)), x ← x + mlp(norm(x)), gelu inside; x [N, T, E] → [N, T, E].
/// </summary>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="heads">Heads of the attention.</param>
/// <param name="hidden">Width inside the feed-forward part.</param>
/// <param name="dropout">In training, the share of attention weights and of both parts' values that is dropped.</param>
public sealed partial class VitBlock(int width, int heads, int hidden, double dropout = 0) : Module
{
    private const double Epsilon = 1e-6;

    [Key("ln_1")]
    private readonly LayerNorm beforeAttention = new([width], Epsilon);

    private readonly MultiheadAttention selfAttention = new(width, heads, dropout, batchFirst: true);

    [Key("ln_2")]
    private readonly LayerNorm beforeFeedForward = new([width], Epsilon);

    private readonly Sequential mlp = new(Started(new(width, hidden)), new GELU(), new Dropout(dropout), Started(new(hidden, width)), new Dropout(dropout));

    private readonly Dropout drop = new(dropout);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public override Tensor Forward(Tensor x)
    {
        var y = x + drop.Forward(selfAttention.Forward(beforeAttention.Forward(x)));
        return Report(x, y + mlp.Forward(beforeFeedForward.Forward(y)));
    }

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights [N, heads, T, T]; rows are queries and sum to 1.</summary>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(Tensor x)
    {
        var normal = beforeAttention.Forward(x);
        var (attended, weights) = selfAttention.ForwardWithWeights(normal, normal, normal, averageHeads: false);
        var y = x + drop.Forward(attended);
        return (y + mlp.Forward(beforeFeedForward.Forward(y)), weights);
    }

    private static Linear Started(Linear layer)
    {
        layer.Weight.CopyFrom(Initialise.XavierUniform(layer.Weight.Shape));
        layer.Bias!.CopyFrom(Tensor.Normal([layer.Weight.Shape[0]], std: 1e-6));
        return layer;
    }
}

/// <summary>The blocks of a vision transformer between position embedding and last normalisation: x [N, T, E] → [N, T, E].</summary>
/// <param name="length">T, the length of the sequence.</param>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="layers">How many blocks.</param>
/// <param name="heads">Heads of each attention.</param>
/// <param name="hidden">Width inside the feed-forward parts.</param>
/// <param name="dropout">In training, the share of embeddings, attention weights and values that is dropped.</param>
public sealed partial class VitEncoder(int length, int width, int layers, int heads, int hidden, double dropout = 0) : Module
{
    private const double Epsilon = 1e-6;
    private readonly Parameter posEmbedding = new(Tensor.Normal([1, length, width], std: 0.02));
    private readonly VitBlock[] blocks = [.. Enumerable.Range(0, layers).Select(_ => new VitBlock(width, heads, hidden, dropout))];
    private readonly LayerNorm ln = new([width], Epsilon);
    private readonly Dropout drop = new(dropout);

    /// <summary>What is added to each position, [1, T, E].</summary>
    public Parameter PositionEmbedding => posEmbedding;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public override Tensor Forward(Tensor x)
    {
        var y = Placed(x);
        foreach (var block in blocks) y = block.Forward(y);
        return Report(x, ln.Forward(y));
    }

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights of each block, [N, heads, T, T].</summary>
    /// <exception cref="ShapeException">x is not [N, T, E].</exception>
    public (Tensor Output, IReadOnlyList<Tensor> Weights) ForwardWithWeights(Tensor x)
    {
        var y = Placed(x);
        var weights = new List<Tensor>();
        foreach (var block in blocks)
        {
            (y, var seen) = block.ForwardWithWeights(y);
            weights.Add(seen);
        }
        return (ln.Forward(y), weights);
    }

    /// <summary>Keys are torchvision's: <c>layers.encoder_layer_0.ln_1.weight</c>.</summary>
    protected override void VisitMembers(ModuleVisitor visitor)
    {
        visitor.Parameter("pos_embedding", posEmbedding);
        visitor.Child("dropout", drop);
        for (int i = 0; i < blocks.Length; i++) visitor.Child($"layers.encoder_layer_{i}", blocks[i]);
        visitor.Child("ln", ln);
    }

    private Tensor Placed(Tensor x) => x.Rank == 3 && x.Shape[1] == length && x.Shape[2] == width
        ? drop.Forward(x + posEmbedding)
        : throw new ShapeException($"{Label}: x must be [N, length = {length}, width = {width}], but it is {x.Shape}.");
}
