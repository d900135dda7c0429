using System.Text;

namespace Cajal;

/// <summary>Splits delimited text into records: quotes, doubled quotes, line ends inside quotes, CR LF or LF. Blank lines are skipped.</summary>
/// <remarks>Source: RFC 4180.</remarks>
internal static class CsvReader
{
    private const int SniffCharacters = 1 << 16;
    private const int SniffRecords = 20;

    /// <summary>One record: the line it begins on, from 1, and its cells.</summary>
    internal readonly record struct Record(int Line, string[] Cells);

    /// <summary>Reads all records.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed, or text follows a closing quote; the message has the line.</exception>
    internal static List<Record> Read(string text, char delimiter, string name)
    {
        var records = new List<Record>();
        var cells = new List<string>();
        int at = 0, line = 1;
        while (at < text.Length)
        {
            int first = line;
            cells.Clear();
            bool more = true;
            while (more)
            {
                cells.Add(text.Length > at && text[at] == '"' ? Quoted(text, ref at, ref line, delimiter, name) : Plain(text, ref at, delimiter));
                more = at < text.Length && text[at] == delimiter;
                at += more ? 1 : 0;
            }
            SkipLineEnd(text, ref at);
            line++;
            if (cells.Count > 1 || cells[0].Trim().Length > 0)
            {
                records.Add(new Record(first, [.. cells]));
            }
        }
        return records;
    }

    /// <summary>The delimiter that divides the first lines into the same number of cells, more than one; the comma if none does.</summary>
    internal static char Sniff(string text, string name)
    {
        // The last line of the excerpt may be cut, so only whole lines are judged.
        string excerpt = text.Length <= SniffCharacters ? text : text[..Math.Max(1, text.LastIndexOf('\n', SniffCharacters - 1) + 1)];
        (char best, double bestScore) = (',', 0);
        foreach (char delimiter in ",;\t|")
        {
            int[] widths;
            try
            {
                widths = [.. Read(excerpt, delimiter, name).Take(SniffRecords).Select(r => r.Cells.Length)];
            }
            catch (InvalidDataException)
            {
                continue;
            }
            if (widths.Length == 0 || widths[0] < 2)
            {
                continue;
            }
            double score = (double)widths.Count(w => w == widths[0]) / widths.Length + 1e-6 * widths[0];
            if (score > bestScore)
            {
                (best, bestScore) = (delimiter, score);
            }
        }
        return best;
    }

    private static string Plain(string text, ref int at, char delimiter)
    {
        int start = at;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\n' or '\r'))
        {
            at++;
        }
        return text[start..at];
    }

    private static string Quoted(string text, ref int at, ref int line, char delimiter, string name)
    {
        int opened = line;
        var cell = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                line += text[at] == '\n' ? 1 : 0;
                cell.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else
            {
                at++;
                return at == text.Length || text[at] == delimiter || text[at] is '\n' or '\r'
                    ? cell.ToString()
                    : throw new InvalidDataException(
                        $"{name}, line {line}: '{text[at]}' follows the closing quote of \"{Short(cell.ToString())}\". A quote inside a quoted cell must be doubled (\"\").");
            }
        }
        throw new InvalidDataException($"{name}, line {opened}: the quote that opens \"{Short(cell.ToString())} is never closed. Add the closing quote, or double it (\"\") if it is text.");
    }

    private static void SkipLineEnd(string text, ref int at)
    {
        if (at < text.Length && text[at] == '\r')
        {
            at++;
        }
        if (at < text.Length && text[at] == '\n')
        {
            at++;
        }
    }

    /// <summary>At most 40 characters of a cell, on one line, for a message.</summary>
    internal static string Short(string cell)
    {
        string flat = cell.ReplaceLineEndings(" ");
        return flat.Length <= 40 ? flat : flat[..37] + "...";
    }
}
