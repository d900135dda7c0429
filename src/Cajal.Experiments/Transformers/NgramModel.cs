namespace Cajal.Experiments;

/// <summary>
/// Interpolated modified Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1999, section 3): the usual n-gram model, as something to beat. Of the tokens before only the last
/// n - 1 count. The highest order counts how often a sequence occurs, lower ones how many different tokens precede it; each order gives up a discount for counts of one, two, and three or
/// more, which goes to the next lower order, and the lowest to all tokens evenly.
/// </summary>
internal sealed class NgramModel
{
    private const int Discounts = 3;
    private readonly int vocabulary, order;

    /// <summary>For each length of history 0 ... n - 1: what followed it.</summary>
    private readonly Dictionary<History, Followers>[] tables;

    private readonly double[][] discounts;

    /// <summary>Counts what is in <paramref name="tokens"/>.</summary>
    /// <param name="tokens">The training text.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="order">n, 1 to 8.</param>
    internal NgramModel(ReadOnlySpan<int> tokens, int vocabulary, int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabulary, ushort.MaxValue);
        (this.vocabulary, this.order) = (vocabulary, order);
        tables = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<History, Followers>())];
        for (int i = 0; i < tokens.Length; i++)
        {
            // The first tokens have fewer before them; their counts enter where they fit.
            int longest = Math.Min(order - 1, i);
            Add(longest, tokens.Slice(i - longest, longest), tokens[i]);
        }
        for (int length = order - 1; length > 0; length--) CountContinuations(length);
        discounts = [.. tables.Select(DiscountsOf)];
    }

    /// <summary>ln p(token | history); of a longer history the end counts.</summary>
    internal double LogProbability(ReadOnlySpan<int> history, int token) => Math.Log(Probability(history, token));

    /// <summary>p(token | history), above 0 for every token; the sum over all tokens is 1.</summary>
    internal double Probability(ReadOnlySpan<int> history, int token)
    {
        double probability = 1.0 / vocabulary;
        for (int length = 0; length < order && length <= history.Length; length++)
        {
            if (!tables[length].TryGetValue(History.Of(history[^length..]), out var followers)) break;
            double[] d = discounts[length];
            int count = followers.Counts.GetValueOrDefault(token);
            double given = count > 0 ? count - d[Math.Min(count, Discounts) - 1] : 0;
            double kept = d[0] * followers.Ones + d[1] * followers.Twos + d[2] * followers.More;
            probability = (given + kept * probability) / followers.Total;
        }
        return probability;
    }

    /// <summary>The mean of -log₂ p over the tokens from <paramref name="from"/> on, each with all before it as its history.</summary>
    internal double BitsPerToken(ReadOnlySpan<int> tokens, int from = 0)
    {
        double sum = 0;
        for (int i = from; i < tokens.Length; i++) sum -= LogProbability(tokens[Math.Max(0, i - order + 1)..i], tokens[i]);
        return sum / ((tokens.Length - from) * Math.Log(2));
    }

    private void Add(int length, ReadOnlySpan<int> history, int token)
    {
        var key = History.Of(history);
        if (!tables[length].TryGetValue(key, out var followers)) tables[length][key] = followers = new();
        followers.Counts[token] = followers.Counts.GetValueOrDefault(token) + 1;
    }

    /// <summary>Every different sequence of one order counts once for the sequence without its first token.</summary>
    private void CountContinuations(int length)
    {
        foreach (var (key, followers) in tables[length])
        {
            var shorter = key.WithoutFirst(length);
            if (!tables[length - 1].TryGetValue(shorter, out var below)) tables[length - 1][shorter] = below = new();
            foreach (int token in followers.Counts.Keys) below.Counts[token] = below.Counts.GetValueOrDefault(token) + 1;
        }
    }

    /// <summary>D₁, D₂ and D₃₊ from the numbers of sequences that occur once to four times, and the sums each history needs.</summary>
    private static double[] DiscountsOf(Dictionary<History, Followers> table)
    {
        Span<double> times = stackalloc double[Discounts + 2];
        foreach (var followers in table.Values)
        {
            foreach (int count in followers.Counts.Values)
            {
                if (count < times.Length) times[count]++;
                followers.Total += count;
                if (count == 1) followers.Ones++;
                else if (count == 2) followers.Twos++;
                else followers.More++;
            }
        }
        var discounts = new double[Discounts];
        double y = times[1] + 2 * times[2] > 0 ? times[1] / (times[1] + 2 * times[2]) : 0;
        for (int k = 1; k <= Discounts; k++)
        {
            // Where too few sequences are that rare, half a count is given up.
            double estimate = times[k] > 0 ? k - (k + 1) * y * times[k + 1] / times[k] : 0;
            discounts[k - 1] = estimate > 0 && estimate < k ? estimate : 0.5;
        }
        return discounts;
    }

    /// <summary>Up to seven tokens below 2^16, the last one lowest.</summary>
    private readonly record struct History(UInt128 Tokens)
    {
        private const int Bits = 16;

        internal static History Of(ReadOnlySpan<int> tokens)
        {
            UInt128 packed = 0;
            foreach (int token in tokens) packed = packed << Bits | (uint)token;
            return new(packed);
        }

        internal History WithoutFirst(int length) => new(Tokens & ((UInt128.One << Bits * (length - 1)) - 1));
    }

    private sealed class Followers
    {
        internal Dictionary<int, int> Counts { get; } = [];

        internal long Total { get; set; }

        internal long Ones { get; set; }

        internal long Twos { get; set; }

        internal long More { get; set; }
    }
}
