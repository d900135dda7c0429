using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Characters as symbols, behind the three that <see cref="Seq2Seq"/> reserves.</summary>
/// <param name="characters">All that may occur, each once.</param>
internal sealed class Alphabet(string characters)
{
    private const int First = Seq2Seq.End + 1;

    /// <summary>How many symbols there are, the reserved ones among them.</summary>
    internal int Count => First + characters.Length;

    /// <summary>Texts as rows of symbols, [N, longest], padded.</summary>
    /// <param name="texts">N of them.</param>
    /// <param name="end">Whether each is closed by <see cref="Seq2Seq.End"/>.</param>
    internal Tensor Encode(IReadOnlyList<string> texts, bool end = false)
    {
        int width = texts.Max(text => text.Length) + (end ? 1 : 0);
        var symbols = new long[texts.Count * width];
        for (int n = 0; n < texts.Count; n++)
        {
            for (int i = 0; i < texts[n].Length; i++) symbols[n * width + i] = SymbolOf(texts[n][i]);
            if (end) symbols[n * width + texts[n].Length] = Seq2Seq.End;
        }
        return Tensor.From(symbols, texts.Count, width);
    }

    /// <summary>Symbols as text; reserved ones, which a network may write, as question marks.</summary>
    internal string Decode(ReadOnlySpan<int> symbols)
    {
        var text = new char[symbols.Length];
        for (int i = 0; i < text.Length; i++) text[i] = symbols[i] < First ? '?' : characters[symbols[i] - First];
        return new(text);
    }

    private int SymbolOf(char character)
    {
        int at = characters.IndexOf(character);
        return at >= 0 ? First + at : throw new ArgumentException($"Alphabet: '{character}' is not one of \"{characters}\".", nameof(character));
    }
}
