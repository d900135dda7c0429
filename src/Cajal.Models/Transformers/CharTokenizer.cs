using System.Text;
using System.Text.Json;

namespace Cajal.Models;

/// <summary>One token for every character (Unicode scalar value) that a text holds, in the order of their numbers.</summary>
public sealed class CharTokenizer : TextTokenizer
{
    internal const string TypeName = "characters";
    private readonly Rune[] symbols;
    private readonly Dictionary<Rune, int> numbers = [];

    /// <summary>Tokens for the characters of <paramref name="text"/>; their order and number in it do not matter.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public CharTokenizer(string text)
    {
        if (text.Length == 0) throw new ArgumentException("CharTokenizer: the text is empty, so there are no characters to make tokens of.", nameof(text));
        symbols = [.. text.EnumerateRunes().Distinct().Order()];
        for (int i = 0; i < symbols.Length; i++) numbers[symbols[i]] = i;
    }

    /// <inheritdoc/>
    public override int Count => symbols.Length;

    /// <summary>Whether all characters of a text have tokens.</summary>
    public bool Covers(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!numbers.ContainsKey(rune)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override int[] Encode(string text)
    {
        var tokens = new List<int>(text.Length);
        int place = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!numbers.TryGetValue(rune, out int token))
                throw new ArgumentException($"CharTokenizer: the character \"{rune}\" (U+{rune.Value:X4}) at position {place} has no token, since it was not in the text the tokens were made from.", nameof(text));
            tokens.Add(token);
            place += rune.Utf16SequenceLength;
        }
        return [.. tokens];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (int token in tokens) text.Append((uint)token < (uint)symbols.Length ? symbols[token].ToString() : throw NoSuch(token));
        return text.ToString();
    }

    internal static CharTokenizer Read(JsonElement root) => new(Text(root, "symbols"));

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type", TypeName);
        json.WriteString("symbols", string.Concat(symbols.Select(symbol => symbol.ToString())));
    }
}
