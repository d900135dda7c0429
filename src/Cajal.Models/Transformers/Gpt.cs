namespace Cajal.Models;

/// <summary>
/// A language model of the kind of GPT-2 (Radford et al. 2019): token and position embeddings, blocks of causal self-attention, a normalisation, and logits for the next token:
/// tokens [N, T] (Int64) → logits [N, T, K]. Position t predicts token t + 1 from tokens 0 ... t.
/// </summary>
/// <remarks>
/// Keys are GPT-2's (<c>transformer.h.0.attn.c_attn.weight</c>), with every weight [out, in] as PyTorch's linear layers have it; the files of OpenAI's networks hold those of the blocks transposed: <see cref="LoadGpt2"/> reads them.
/// Weights start normal with deviation σ = 0.02 √(768/E), which is GPT-2's 0.02 at its width, those at the end of a shortcut with σ/√(2 L), biases at 0. Positions start as the sines and cosines
/// of Vaswani et al. (2017) with the same size, not at random, so that a short training finds heads that look a few places back.
/// </remarks>
/// <param name="vocabulary">K, how many tokens there are.</param>
/// <param name="context">The most positions it can see.</param>
/// <param name="width">E, a multiple of <paramref name="heads"/>.</param>
/// <param name="layers">L, how many blocks.</param>
/// <param name="heads">Heads of each attention.</param>
/// <param name="dropout">In training, the share of embeddings, attention weights and results of the parts that is dropped.</param>
/// <param name="bias">Whether linear maps and normalisations in the blocks add a number to each column.</param>
/// <param name="tied">Whether the token embedding is the last linear map too, which spares K · E numbers (Press and Wolf 2017).</param>
public sealed partial class Gpt(int vocabulary, int context, int width, int layers, int heads, double dropout = 0, bool bias = true, bool tied = true) : Module
{
    private const double Gpt2Deviation = 0.02, Gpt2Width = 768, SlowestPosition = 10_000;

    [Key("transformer.wte")]
    private readonly Embedding tokenEmbedding = Started(new(Positive(vocabulary, nameof(vocabulary)), width), Tensor.Normal([vocabulary, width], std: Deviation(width)));

    [Key("transformer.wpe")]
    private readonly Embedding positionEmbedding = Started(new(Positive(context, nameof(context)), width), Sinusoids.Line(context, width, SlowestPosition) * (Math.Sqrt(2) * Deviation(width)));

    [Key("transformer.h")]
    private readonly GptBlock[] blocks = Blocks(Positive(layers, nameof(layers)), width, heads, dropout, bias);

    [Key("transformer.ln_f")]
    private readonly LayerNorm lastNorm = new([width], hasBias: bias);

    [Key("lm_head")]
    private readonly Linear? head = tied ? null : Head(width, vocabulary);

    private readonly Dropout drop = new(dropout);

    /// <summary>K, how many tokens there are.</summary>
    public int Vocabulary => vocabulary;

    /// <summary>The most positions it can see.</summary>
    public int Context => context;

    /// <summary>The blocks, from the first to the last.</summary>
    public IReadOnlyList<GptBlock> Layers => blocks;

    /// <summary>The logits of the next token after every position: tokens [N, T] → [N, T, K].</summary>
    /// <exception cref="ShapeException">The tokens are not [N, T] with 1 ≤ T ≤ context, or one is not in 0 ... K - 1.</exception>
    public override Tensor Forward(Tensor x)
    {
        var y = drop.Forward(Embedded(x, 0));
        foreach (var block in blocks) y = block.Forward(y);
        return Report(x, Logits(y));
    }

    /// <summary>As <see cref="Forward(Tensor)"/>, with the attention weights of each layer, [N, heads, T, T]; rows are the positions that look.</summary>
    /// <exception cref="ShapeException">The tokens are not [N, T] with 1 ≤ T ≤ context, or one is not in 0 ... K - 1.</exception>
    public (Tensor Logits, IReadOnlyList<Tensor> Weights) ForwardWithWeights(Tensor tokens)
    {
        var y = drop.Forward(Embedded(tokens, 0));
        var weights = new List<Tensor>();
        foreach (var block in blocks)
        {
            (y, var seen) = block.ForwardWithWeights(y);
            weights.Add(seen);
        }
        return (Logits(y), weights);
    }

    /// <summary>An empty memory for <see cref="Continue"/>.</summary>
    /// <param name="batch">N, texts side by side.</param>
    public GptMemory NewMemory(int batch = 1) => new(layers, Positive(batch, nameof(batch)), heads, context, width / heads, tokenEmbedding.Weight.DType);

    /// <summary>
    /// Reads tokens that follow those in <paramref name="memory"/> and gives the logits of the next one: tokens [N, T] → [N, K]. The same numbers as <see cref="Forward(Tensor)"/> gives at
    /// the last position, to rounding, for the cost of T positions. Nothing is recorded for gradients and nothing is dropped, if the network is in evaluation mode.
    /// </summary>
    /// <param name="tokens">[N, T]; T is 1 unless the memory is empty.</param>
    /// <param name="memory">What was read before; the tokens are added.</param>
    /// <exception cref="ShapeException">N is not that of the memory, T is above 1 though the memory is not empty, or the context is full.</exception>
    public Tensor Continue(Tensor tokens, GptMemory memory)
    {
        using var scope = new NoGrad();
        int time = tokens.Rank == 2 ? tokens.Shape[1] : 0;
        if (tokens.Rank != 2 || tokens.Shape[0] != memory.Batch || (time != 1 && memory.Length > 0))
            throw new ShapeException($"{Label}: tokens must be [N, T] with N = {memory.Batch}{(memory.Length > 0 ? " and T = 1, since the memory is not empty" : "")}, but they are {tokens.Shape}.");
        var x = drop.Forward(Embedded(tokens, memory.Length));
        for (int i = 0; i < blocks.Length; i++) x = blocks[i].Continue(x, memory.Layers[i], memory.Length);
        memory.Length += time;
        return Logits(x.Select(1, time - 1));
    }

    private Tensor Embedded(Tensor tokens, int start)
    {
        if (tokens.Rank != 2 || tokens.Shape[1] == 0) throw new ShapeException($"{Label}: tokens must be [N, T] with T at least 1, but they are {tokens.Shape}.");
        int time = tokens.Shape[1];
        if (start + time > context)
            throw new ShapeException($"{Label}: {start + time} positions do not fit into the context of {context}; give the last {context} tokens, or make a network with a longer context.");
        return tokenEmbedding.Forward(tokens) + positionEmbedding.Weight.Narrow(0, start, time);
    }

    private Tensor Logits(Tensor x) => lastNorm.Forward(x).Linear(head?.Weight ?? tokenEmbedding.Weight);

    private static GptBlock[] Blocks(int layers, int width, int heads, double dropout, bool bias)
    {
        var blocks = new GptBlock[layers];
        for (int i = 0; i < layers; i++)
        {
            blocks[i] = new(width, heads, dropout, bias);
            foreach (var (key, parameter) in blocks[i].NamedParameters())
            {
                if (key.StartsWith("ln_", StringComparison.Ordinal)) continue;
                if (key.EndsWith("bias", StringComparison.Ordinal)) parameter.Fill(0);
                else parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: Deviation(width) / (key.EndsWith("c_proj.weight", StringComparison.Ordinal) ? Math.Sqrt(2 * layers) : 1)));
            }
        }
        return blocks;
    }

    private static double Deviation(int width) => Gpt2Deviation * Math.Sqrt(Gpt2Width / width);

    private static Embedding Started(Embedding table, Tensor values)
    {
        table.Weight.CopyFrom(values);
        return table;
    }

    private static Linear Head(int width, int vocabulary)
    {
        var head = new Linear(width, vocabulary, bias: false);
        head.Weight.CopyFrom(Tensor.Normal(head.Weight.Shape, std: Deviation(width)));
        return head;
    }

    private static int Positive(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"Gpt: {name} must be at least 1.");
}
