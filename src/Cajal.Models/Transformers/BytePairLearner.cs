namespace Cajal.Models;

/// <summary>
/// Finds the most frequent pairs of neighbours. Counts are kept up to date word by word, and only the words that hold a pair are visited when it is joined.
/// </summary>
internal sealed class BytePairLearner
{
    private readonly List<(List<int> Tokens, int Times)> words = [];
    private readonly Dictionary<(int Left, int Right), long> counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];

    /// <summary>Bytes of every token.</summary>
    private readonly List<int> lengths = [.. Enumerable.Repeat(1, BytePairTokenizer.Bytes)];

    /// <summary>Candidates by falling count, then rising tokens. An entry whose count is no longer true is put back with the true one when it comes up.</summary>
    private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> queue = new();

    internal BytePairLearner(IEnumerable<(int[] Tokens, int Times)> words)
    {
        foreach (var (tokens, times) in words)
        {
            this.words.Add(([.. tokens], times));
            Count(this.words.Count - 1, +1);
        }
        foreach (var pair in counts.Keys) Enqueue(pair);
    }

    /// <summary>At most so many merges; each pair must occur twice at least.</summary>
    internal List<(int Left, int Right)> Learn(int most)
    {
        var merges = new List<(int Left, int Right)>();
        while (merges.Count < most && queue.TryDequeue(out var pair, out var said))
        {
            long count = counts.GetValueOrDefault(pair);
            if (count < 2) continue;
            if (count != -said.Count)
            {
                Enqueue(pair);
                continue;
            }
            int length = lengths[pair.Left] + lengths[pair.Right];
            if (length > BytePairTokenizer.LargestToken) continue;
            lengths.Add(length);
            int token = BytePairTokenizer.Bytes + merges.Count;
            merges.Add(pair);
            int[] where = [.. places[pair].Order()];
            foreach (int word in where)
            {
                Count(word, -1);
                Join(words[word].Tokens, pair, token);
                Count(word, +1);
            }
            foreach (int word in where)
            {
                var tokens = words[word].Tokens;
                for (int i = 0; i + 1 < tokens.Count; i++)
                {
                    if (tokens[i] == token || tokens[i + 1] == token) Enqueue((tokens[i], tokens[i + 1]));
                }
            }
        }
        return merges;
    }

    /// <summary>Replaces every occurrence of a pair by one token, from the left.</summary>
    internal static void Join(List<int> tokens, (int Left, int Right) pair, int token)
    {
        int to = 0;
        for (int from = 0; from < tokens.Count; from++)
        {
            bool fits = from + 1 < tokens.Count && tokens[from] == pair.Left && tokens[from + 1] == pair.Right;
            tokens[to++] = fits ? token : tokens[from];
            if (fits) from++;
        }
        tokens.RemoveRange(to, tokens.Count - to);
    }

    private void Count(int word, int sign)
    {
        var (tokens, times) = words[word];
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            var pair = (tokens[i], tokens[i + 1]);
            counts[pair] = counts.GetValueOrDefault(pair) + sign * times;
            if (!places.TryGetValue(pair, out var there)) places[pair] = there = [];
            if (sign > 0) there.Add(word);
            else there.Remove(word);
        }
    }

    private void Enqueue((int Left, int Right) pair) => queue.Enqueue(pair, (-counts[pair], pair.Left, pair.Right));
}
