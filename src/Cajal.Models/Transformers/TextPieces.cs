using System.Globalization;

namespace Cajal.Models;

/// <summary>
/// Cuts text where byte pairs must not be merged across: before a word with the space that precedes it, between letters, digits and other signs, and so that white space keeps its own pieces.
/// The pieces side by side are the text.
/// </summary>
internal static class TextPieces
{
    private enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    /// <summary>The end of the piece that begins at <paramref name="start"/>.</summary>
    internal static int EndOf(ReadOnlySpan<char> text, int start)
    {
        int at = start;
        // A single space belongs to what follows it.
        if (text[at] == ' ' && at + 1 < text.Length && KindOf(text[at + 1]) != Kind.Space) at++;
        var kind = KindOf(text[at]);
        int end = at + 1;
        while (end < text.Length && KindOf(text[end]) == kind) end++;
        // The last of several spaces is left to the word that follows.
        if (kind == Kind.Space && end < text.Length && text[end - 1] == ' ' && end - start > 1) end--;
        return end;
    }

    private static Kind KindOf(char c) => char.GetUnicodeCategory(c) switch
    {
        _ when char.IsWhiteSpace(c) => Kind.Space,
        UnicodeCategory.DecimalDigitNumber => Kind.Digit,
        _ when char.IsLetter(c) || char.IsSurrogate(c) || c == '\'' => Kind.Letter,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Kind.Letter,
        _ => Kind.Other,
    };
}
