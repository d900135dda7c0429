namespace Cajal.Models;

/// <summary>What was written for N sources.</summary>
/// <param name="Symbols">For each source, without <see cref="Seq2Seq.End"/>.</param>
/// <param name="Weights">How much of each source symbol was seen at each step [N, T, S]; a row's steps behind its end do not matter.</param>
public sealed record Decoded(IReadOnlyList<int[]> Symbols, Tensor Weights);

/// <summary>One of several things that may be meant.</summary>
/// <param name="Symbols">Without <see cref="Seq2Seq.End"/>.</param>
/// <param name="LogProbability">The sum of the logarithms of its symbols' probabilities, that of the end included if it was reached.</param>
public sealed record Hypothesis(int[] Symbols, double LogProbability);

/// <content>Writing without a teacher. Call <c>Eval()</c> first where there is dropout.</content>
public sealed partial class Seq2Seq
{
    /// <summary>Writes the likeliest symbol, again and again, for many sources at once.</summary>
    /// <param name="source">[N, S], Int64, padded with 0.</param>
    /// <param name="longest">The most symbols to write.</param>
    public Decoded Greedy(Tensor source, int longest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longest);
        using var scope = new NoGrad();
        var memory = Encode(source);
        int count = source.Shape[0];
        var written = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        var ended = new bool[count];
        var weights = new List<Tensor>();
        var (state, next) = (memory.State, Tensor.Full([count, 1], Begin, DType.Int64));
        while (weights.Count < longest && Array.IndexOf(ended, false) >= 0)
        {
            var output = decoder.Run(next, state, memory);
            weights.Add(output.Weights);
            (state, next) = (output.State, output.Logits.ArgMax());
            long[] chosen = next.ToArray<long>();
            for (int n = 0; n < count; n++)
            {
                ended[n] |= chosen[n] == End;
                if (!ended[n]) written[n].Add((int)chosen[n]);
            }
        }
        return new([.. written.Select(symbols => symbols.ToArray())], Tensor.Concat(weights.ToArray(), 1));
    }

    /// <summary>
    /// Follows the likeliest <paramref name="width"/> beginnings side by side (beam search; Lowerre 1976, Sutskever et al. 2014) and gives what they became, the best first.
    /// </summary>
    /// <param name="source">One source [1, S], Int64.</param>
    /// <param name="longest">The most symbols to write.</param>
    /// <param name="width">How many beginnings are kept. With 1 it writes what <see cref="Greedy"/> does.</param>
    /// <param name="lengthPower">Hypotheses are compared by log-probability / length^power (Wu et al. 2016): 0 favours short ones, 1 does not.</param>
    public IReadOnlyList<Hypothesis> BeamSearch(Tensor source, int longest, int width, double lengthPower = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longest);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (source.Rank != 2 || source.Shape[0] != 1) throw new ShapeException($"{Label}: beam search takes one source [1, S], but it is {source.Shape}.");
        using var scope = new NoGrad();
        var one = Encode(source);
        var finished = new List<Hypothesis>();
        var alive = new List<Hypothesis> { new([], 0) };
        var (memory, state) = (one, one.State);
        for (int step = 0; step < longest && alive.Count > 0 && finished.Count < width; step++)
        {
            var output = decoder.Run(LastSymbols(alive), state, memory);
            double[] logs = output.Logits.Squeeze(1).LogSoftmax().Cast(DType.Float64).ToArray<double>();
            var best = Enumerable.Range(0, logs.Length).OrderByDescending(at => alive[at / TargetSymbols].LogProbability + logs[at]).Take(width - finished.Count).ToList();
            var (next, origins) = (new List<Hypothesis>(), new List<int>());
            foreach (int at in best)
            {
                var (parent, symbol) = (alive[at / TargetSymbols], at % TargetSymbols);
                double logProbability = parent.LogProbability + logs[at];
                if (symbol == End)
                {
                    finished.Add(new(parent.Symbols, logProbability));
                    continue;
                }
                next.Add(new([.. parent.Symbols, symbol], logProbability));
                origins.Add(at / TargetSymbols);
            }
            alive = next;
            if (origins.Count > 0) (state, memory) = (output.State.IndexSelect(0, origins.ToArray()), one.Repeat(origins.Count));
        }
        return [.. finished.Concat(alive).OrderByDescending(hypothesis => hypothesis.LogProbability / Math.Pow(hypothesis.Symbols.Length + 1, lengthPower)).Take(width)];
    }

    private static Tensor LastSymbols(List<Hypothesis> hypotheses) =>
        Tensor.From(hypotheses.Select(hypothesis => hypothesis.Symbols.Length == 0 ? (long)Begin : hypothesis.Symbols[^1]).ToArray(), hypotheses.Count, 1);
}
