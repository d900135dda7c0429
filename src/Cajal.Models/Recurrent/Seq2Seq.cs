namespace Cajal.Models;

/// <summary>
/// From one sequence of symbols to another: a bidirectional encoder and a decoder that attends to its states (Sutskever, Vinyals and Le 2014; Bahdanau, Cho and Bengio 2015; Luong, Pham and Manning 2015).
/// Symbols are whole numbers; 0, 1 and 2 stand for <see cref="Padding"/>, <see cref="Begin"/> and <see cref="End"/> on both sides.
/// </summary>
public sealed partial class Seq2Seq : Module
{
    /// <summary>Fills a row behind its end.</summary>
    public const int Padding = 0;

    /// <summary>What the decoder is given first.</summary>
    public const int Begin = 1;

    /// <summary>What the decoder writes last.</summary>
    public const int End = 2;

    private readonly Embedding embedding;
    private readonly GRU encoder;
    private readonly Linear bridge;
    private readonly AttentionDecoder decoder;

    /// <summary>An untrained network.</summary>
    /// <param name="sourceSymbols">Symbols of the sources, the three reserved ones among them.</param>
    /// <param name="targetSymbols">Symbols of the targets, the three reserved ones among them.</param>
    /// <param name="width">E, the width of the embeddings.</param>
    /// <param name="hidden">H, the width of the encoder's states in each direction, and of the decoder's.</param>
    /// <param name="scheme">How the decoder uses what it attends to.</param>
    /// <param name="dropout">In training, the share of the target's embeddings that is dropped.</param>
    public Seq2Seq(int sourceSymbols, int targetSymbols, int width, int hidden, AttentionScheme scheme = AttentionScheme.Luong, double dropout = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(sourceSymbols, End);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(targetSymbols, End);
        (SourceSymbols, TargetSymbols, Width, Hidden, Scheme, Dropout) = (sourceSymbols, targetSymbols, width, hidden, scheme, dropout);
        embedding = new(sourceSymbols, width, Padding);
        encoder = new(width, hidden, batchFirst: true, bidirectional: true);
        bridge = new(2 * hidden, hidden);
        decoder = scheme switch
        {
            AttentionScheme.Luong => new LuongDecoder(targetSymbols, width, hidden, 2 * hidden, dropout),
            AttentionScheme.Bahdanau => new BahdanauDecoder(targetSymbols, width, hidden, 2 * hidden, dropout),
            _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Seq2Seq: the scheme must be Luong or Bahdanau."),
        };
    }

    /// <summary>Symbols of the sources, the three reserved ones among them.</summary>
    public int SourceSymbols { get; }

    /// <summary>Symbols of the targets, the three reserved ones among them.</summary>
    public int TargetSymbols { get; }

    /// <summary>E, the width of the embeddings.</summary>
    public int Width { get; }

    /// <summary>H, the width of the encoder's states in each direction, and of the decoder's.</summary>
    public int Hidden { get; }

    /// <summary>How the decoder uses what it attends to.</summary>
    public AttentionScheme Scheme { get; }

    /// <summary>In training, the share of the target's embeddings that is dropped.</summary>
    public double Dropout { get; }

    /// <summary>The part that writes.</summary>
    public AttentionDecoder Decoder => decoder;

    /// <summary>
    /// Teacher forcing: the logits of every symbol of the target, given the right ones before it (Williams and Zipser 1989). Source [N, S] and target [N, T] → [N, T, targetSymbols].
    /// </summary>
    /// <param name="source">[N, S], Int64, padded with 0.</param>
    /// <param name="target">[N, T], Int64: without <see cref="Begin"/>, with <see cref="End"/>, padded with 0.</param>
    /// <exception cref="ShapeException">A shape does not fit, or a symbol does not exist.</exception>
    public Tensor Forward(Tensor source, Tensor target)
    {
        if (target.Rank != 2 || target.Shape[0] != source.Shape[0]) throw new ShapeException($"{Label}: the target must be [N, T] with the N of the source, but they are {target.Shape} and {source.Shape}.");
        var memory = Encode(source);
        var before = Tensor.Concat([Tensor.Full([target.Shape[0], 1], Begin, DType.Int64), target.Narrow(1, 0, target.Shape[1] - 1).Cast(DType.Int64)], 1);
        return Report(source, decoder.Run(before, memory.State, memory).Logits);
    }

    /// <summary>The mean cross-entropy of the target's symbols under teacher forcing, in nats; padding does not count.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor)" path="/param"/>
    public Tensor Loss(Tensor source, Tensor target) => new CrossEntropyLoss(ignoreIndex: Padding).Forward(Forward(source, target).Transpose(1, 2), target);

    /// <summary>Reads the sources once.</summary>
    /// <param name="source">[N, S], Int64, padded with 0.</param>
    /// <exception cref="ShapeException">It is not [N, S], or a symbol does not exist.</exception>
    /// <exception cref="ArgumentException">A source holds nothing but padding.</exception>
    public SourceMemory Encode(Tensor source)
    {
        if (source.Rank != 2) throw new ShapeException($"{Label}: the source must be [N, S], but it is {source.Shape}.");
        var padding = source.EqualTo(Padding);
        bool padded = CheckPadding(source);
        var (keys, ends) = encoder.Forward(embedding.Forward(source), null, padded ? padding.EqualTo(0).Cast(DType.Int64).Sum(1) : null);
        var state = bridge.Forward(Tensor.Concat([ends.Select(0, 0), ends.Select(0, 1)], 1)).Tanh();
        return new(keys, decoder.Attention.Prepare(keys), padded ? padding : null, state);
    }

    /// <summary>Finds out whether there is padding, and that it is only behind the last symbol of a row.</summary>
    private bool CheckPadding(Tensor source)
    {
        long[] symbols = source.ToArray<long>();
        int steps = source.Shape[1];
        bool padded = false;
        for (int n = 0; n < source.Shape[0]; n++)
        {
            int end = symbols.AsSpan(n * steps, steps).LastIndexOfAnyExcept(Padding) + 1;
            if (end == 0) throw new ArgumentException($"{Label}: source {n} holds nothing but padding (symbol 0); leave it out.", nameof(source));
            if (symbols.AsSpan(n * steps, end).Contains(Padding)) throw new ArgumentException($"{Label}: source {n} holds padding (symbol 0) before its end; pad behind the last symbol only.", nameof(source));
            padded |= end < steps;
        }
        return padded;
    }
}
