using System.Text;
using System.Text.Json;

namespace Cajal.Models;

/// <summary>
/// Byte-pair encoding of the bytes of UTF-8 (Gage 1994; Sennrich et al. 2016; on bytes: Radford et al. 2019). Tokens 0 ... 255 are the bytes, so any text has tokens; token 256 + i is what
/// merge i joins. Merges never cross the edge of a word.
/// </summary>
public sealed class BytePairTokenizer : TextTokenizer
{
    internal const string TypeName = "byte-pairs";
    internal const int Bytes = 256;
    internal const int LargestToken = 4096;
    private const int LargestCache = 100_000, LongestCached = 64;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly (int Left, int Right)[] merges;
    private readonly Dictionary<(int Left, int Right), int> ranks = [];
    private readonly byte[][] spellings;
    private readonly Dictionary<string, int[]> known = [];
    private readonly Lock guard = new();

    /// <summary>A tokenizer with these merges: merge i joins two tokens below 256 + i to token 256 + i.</summary>
    /// <exception cref="ArgumentException">A merge names a token that is not there yet, stands twice, or makes a token of more than 4,096 bytes.</exception>
    public BytePairTokenizer(ReadOnlySpan<(int Left, int Right)> merges)
    {
        this.merges = merges.ToArray();
        spellings = new byte[Bytes + merges.Length][];
        for (int i = 0; i < Bytes; i++) spellings[i] = [(byte)i];
        for (int i = 0; i < merges.Length; i++)
        {
            var (left, right) = merges[i];
            if ((uint)left >= (uint)(Bytes + i) || (uint)right >= (uint)(Bytes + i))
                throw new ArgumentException($"BytePairTokenizer: merge {i} joins tokens {left} and {right}, but only 0 to {Bytes + i - 1} are there before it.", nameof(merges));
            if (!ranks.TryAdd((left, right), i)) throw new ArgumentException($"BytePairTokenizer: merge {i}, of tokens {left} and {right}, stands twice.", nameof(merges));
            if (spellings[left].Length + spellings[right].Length > LargestToken) throw new ArgumentException($"BytePairTokenizer: merge {i} makes a token of more than {LargestToken} bytes.", nameof(merges));
            spellings[Bytes + i] = [.. spellings[left], .. spellings[right]];
        }
    }

    /// <inheritdoc/>
    public override int Count => spellings.Length;

    /// <summary>What is joined, in the order of learning.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => merges;

    /// <summary>Learns merges from a text: again and again the pair of neighbours that occurs most often is joined (of equally frequent ones that with the smallest tokens).</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many tokens there are to be, at least 256; fewer if no pair occurs twice any more.</param>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which is no text.</exception>
    public static BytePairTokenizer Train(string text, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, Bytes);
        var words = new Dictionary<string, int>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TextPieces.EndOf(text, start);
            string piece = text[start..end];
            words[piece] = words.GetValueOrDefault(piece) + 1;
        }
        var learner = new BytePairLearner(words.OrderBy(word => word.Key, StringComparer.Ordinal).Select(word => (ToTokens(word.Key), word.Value)));
        return new(learner.Learn(count - Bytes).ToArray());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which is no text.</exception>
    public override int[] Encode(string text) => Encode(text, TextPieces.EndOf);

    /// <param name="text">The text.</param>
    /// <param name="endOf">The end of the piece of a text that begins at a place; no merge crosses it.</param>
    internal int[] Encode(string text, Func<ReadOnlySpan<char>, int, int> endOf)
    {
        var tokens = new List<int>(text.Length / 2);
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = endOf(text, start);
            tokens.AddRange(OfPiece(text[start..end]));
        }
        return [.. tokens];
    }

    /// <summary>The text of tokens. Tokens may end inside a character, as those of a text cut short can; what is no UTF-8 then becomes U+FFFD.</summary>
    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens) bytes.AddRange(Spelling(token) ?? throw NoSuch(token));
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>The bytes of a token; null if there is none.</summary>
    internal byte[]? Spelling(int token) => (uint)token < (uint)spellings.Length ? spellings[token] : null;

    internal static BytePairTokenizer Read(JsonElement root)
    {
        if (!root.TryGetProperty("merges", out var list) || list.ValueKind != JsonValueKind.Array) throw new FormatException("the list \"merges\" is missing");
        var merges = new (int, int)[list.GetArrayLength()];
        int i = 0;
        foreach (var pair in list.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2) throw new FormatException($"merge {i} is no pair of tokens");
            merges[i++] = (pair[0].GetInt32(), pair[1].GetInt32());
        }
        return new(merges);
    }

    private protected override void Write(Utf8JsonWriter json) => Write(json, TypeName);

    internal void Write(Utf8JsonWriter json, string type)
    {
        json.WriteString("type", type);
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            json.WriteStartArray();
            json.WriteNumberValue(left);
            json.WriteNumberValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static int[] ToTokens(string piece)
    {
        try
        {
            return Array.ConvertAll(Utf8.GetBytes(piece), value => (int)value);
        }
        catch (EncoderFallbackException problem)
        {
            throw new ArgumentException($"BytePairTokenizer: the text holds half of a surrogate pair (U+{(int)problem.CharUnknown:X4}), which is no character.", nameof(piece), problem);
        }
    }

    /// <summary>The tokens of one piece. Words come again and again, so what they became is kept.</summary>
    private int[] OfPiece(string piece)
    {
        lock (guard)
        {
            if (known.TryGetValue(piece, out var found)) return found;
        }
        int[] merged = Merge([.. ToTokens(piece)]);
        lock (guard)
        {
            if (known.Count < LargestCache && piece.Length <= LongestCached) known.TryAdd(piece, merged);
        }
        return merged;
    }

    /// <summary>Joins neighbours, those of the earliest merge first, until no merge fits.</summary>
    private int[] Merge(List<int> tokens)
    {
        while (true)
        {
            int rank = int.MaxValue;
            for (int i = 0; i + 1 < tokens.Count; i++)
            {
                if (ranks.TryGetValue((tokens[i], tokens[i + 1]), out int found)) rank = Math.Min(rank, found);
            }
            if (rank == int.MaxValue) return [.. tokens];
            BytePairLearner.Join(tokens, merges[rank], Bytes + rank);
        }
    }
}
