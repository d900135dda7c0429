namespace Cajal.Experiments;

/// <summary>
/// Copy memory (Hochreiter and Schmidhuber 1997, in the form of Arjovsky, Shah and Bengio 2016): some symbols, a silence, a signal, and then the symbols are to be said again. Simulated, without end.
/// </summary>
internal static class CopyMemory
{
    /// <summary>How many symbols are to be kept.</summary>
    internal const int Length = 2;

    /// <summary>How many different ones there are.</summary>
    internal const int Symbols = 8;

    private const int Silence = Symbols, Signal = Symbols + 1;

    /// <summary>Width of the input: a place for each symbol, the silence and the signal.</summary>
    internal const int InputSize = Symbols + 2;

    /// <summary>Inputs [N, Length + delay + Length, InputSize], one-hot; targets [N, Length]: what is to be said in the last steps, class numbers.</summary>
    internal static Batch Draw(Generator random, int count, int delay)
    {
        int steps = Length + delay + Length;
        var inputs = new float[count * steps * InputSize];
        var targets = new long[count * Length];
        random.FillIntegers(targets.AsSpan(), 0, Symbols);
        for (int n = 0; n < count; n++)
        {
            for (int t = 0; t < steps; t++)
            {
                long symbol = t < Length ? targets[n * Length + t] : t == Length + delay - 1 ? Signal : Silence;
                inputs[(n * steps + t) * InputSize + (int)symbol] = 1;
            }
        }
        return new(Tensor.From(inputs, count, steps, InputSize), Tensor.From(targets, count, Length));
    }

    /// <summary>The cross-entropy of the symbols said, logits [N, T, Symbols], read in the last steps.</summary>
    internal static Tensor Loss(Tensor logits, Tensor targets) => new CrossEntropyLoss().Forward(Said(logits).Transpose(1, 2), targets);

    /// <summary>The share of symbols said rightly, as a tensor without axes.</summary>
    internal static Tensor Hits(Tensor logits, Tensor targets) => Said(logits).ArgMax().EqualTo(targets).Cast(DType.Float64).Mean();

    private static Tensor Said(Tensor logits) => logits.Narrow(1, logits.Shape[1] - Length, Length);
}
