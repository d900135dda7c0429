using System.Globalization;
using System.Text;

namespace Cajal.Models;

/// <summary>
/// Cuts text as GPT-2 does (Radford et al. 2019): the endings of English contractions, then runs of letters, of numbers or of other signs, each with a space before it, then white space, of which
/// the last sign is left to what follows. The pieces side by side are the text.
/// </summary>
internal static class Gpt2Pieces
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Letter,
        Number,
        Space,
        Other,
    }

    /// <summary>The end of the piece that begins at <paramref name="start"/>.</summary>
    internal static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var rest = text[start..];
        foreach (string ending in Contractions)
        {
            if (rest.StartsWith(ending, StringComparison.Ordinal)) return start + ending.Length;
        }
        int at = rest[0] == ' ' && rest.Length > 1 && KindAt(rest[1..], out _) != Kind.Space ? 1 : 0;
        var kind = KindAt(rest[at..], out int length);
        int end = at + length, last = at;
        while (end < rest.Length && KindAt(rest[end..], out length) == kind)
        {
            last = end;
            end += length;
        }
        if (kind == Kind.Space && end < rest.Length && last > 0) end = last;
        return start + end;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        _ = Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            _ when Rune.IsWhiteSpace(rune) => Kind.Space,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsLetter(rune) ? Kind.Letter : Kind.Other,
        };
    }
}
