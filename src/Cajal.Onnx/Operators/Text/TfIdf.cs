namespace Cajal.Onnx;

/// <summary>TfIdfVectorizer: how often each n-gram of a given pool occurs, and its weight.</summary>
internal static class TfIdf
{
    internal static void Register(Registry registry) => registry.Add("TfIdfVectorizer", [9], node =>
    {
        int least = node.Int("min_gram_length", 1), most = node.Int("max_gram_length", 1), skips = node.Int("max_skip_count", 0);
        int mode = node.Choice("mode", "TF", "TF", "IDF", "TFIDF");
        int[] starts = node.Ints("ngram_counts") ?? [], columns = node.Ints("ngram_indexes") ?? [];
        long[] pool = node.Longs("pool_int64s") ?? Array.ConvertAll(node.TextList("pool_strings") ?? [], node.Texts.Handle);
        float[]? weights = node.Floats("weights");
        var grams = new Grams(pool, starts, columns, most);
        int width = columns.Length == 0 ? 0 : columns.Max() + 1;
        if (columns.Any(column => column < 0) || least < 1 || most < least || (weights is not null && weights.Length != columns.Length)) throw node.Bad("gram lengths, ngram_indexes or weights do not fit.");
        return call =>
        {
            var x = call.X(0);
            if (x.Rank is not (1 or 2)) call.Refuse($"the input must be [C] or [N, C], but it is {x.Shape}.");
            int rows = x.Rank == 2 ? x.Dims[0] : 1, length = x.Dims[^1];
            long[] symbols = x.ToArray<long>();
            var counts = new float[Shape.CountOf([rows, width])];
            for (int row = 0; row < rows; row++) grams.Count(symbols.AsSpan(row * length, length), least, most, skips, counts.AsSpan(row * width, width));
            for (int i = 0; i < columns.Length && mode > 0; i++)
            {
                float weight = weights?[i] ?? 1;
                for (int at = columns[i]; at < counts.Length; at += width) counts[at] = mode == 1 ? (counts[at] > 0 ? weight : 0) : counts[at] * weight;
            }
            call.Return(Tensor.From(counts, counts.Length).Reshape([.. x.Dims[..^1], width]), OnnxElement.Float);
        };
    });

    /// <summary>The pool as a tree of symbols, by length.</summary>
    private sealed class Grams
    {
        private readonly Node root = new();

        internal Grams(long[] pool, int[] starts, int[] columns, int longest)
        {
            int gram = 0;
            for (int length = 1; length <= starts.Length; length++)
            {
                int from = starts[length - 1], to = length < starts.Length ? starts[length] : pool.Length;
                if (from < 0 || to < from || to > pool.Length) throw new InvalidOperationException("ngram_counts does not cut the pool into pieces.");
                for (int at = from; at + length <= to && gram < columns.Length; at += length, gram++)
                {
                    if (length > longest) continue;
                    var node = root;
                    for (int i = 0; i < length; i++) node = node.Follow(pool[at + i]);
                    node.Column = columns[gram];
                }
            }
        }

        /// <summary>Counts n-grams whose symbols stand next to each other or, up to <paramref name="skips"/> more, equally apart.</summary>
        internal void Count(ReadOnlySpan<long> symbols, int least, int most, int skips, Span<float> counts)
        {
            for (int apart = 1; apart <= (long)skips + 1 && (apart == 1 || apart < symbols.Length); apart++)
            {
                for (int start = 0; start < symbols.Length; start++)
                {
                    var node = root;
                    for (long length = 1, at = start; length <= most && at < symbols.Length; length++, at += apart)
                    {
                        if (!node.Next.TryGetValue(symbols[(int)at], out node!)) break;
                        // Single symbols are the same at any distance: they count once.
                        if (length >= least && node.Column >= 0 && (length > 1 || apart == 1)) counts[node.Column]++;
                    }
                }
            }
        }

        private sealed class Node
        {
            internal Dictionary<long, Node> Next { get; } = [];

            internal int Column { get; set; } = -1;

            internal Node Follow(long symbol)
            {
                if (!Next.TryGetValue(symbol, out var node)) Next.Add(symbol, node = new());
                return node;
            }
        }
    }
}
