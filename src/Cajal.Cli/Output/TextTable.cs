using System.Text;

namespace Cajal.Cli;

/// <summary>Columns of text: the first to the left, the others to the right. Colours are put on after the widths are known.</summary>
internal sealed class TextTable(params string[] header)
{
    private const string Gap = "  ";
    private readonly List<string[]> rows = [];

    internal void Add(params string[] cells) => rows.Add(cells);

    /// <summary>The lines.</summary>
    /// <param name="paint">For the header.</param>
    /// <param name="cell">Gives the cell of a row and column its colour, once it has its width.</param>
    internal IEnumerable<string> Lines(Paint paint, Func<int, int, string, string>? cell = null)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(c => rows.Select(row => row[c].Length).Append(header[c].Length).Max())];
        if (header.Any(name => name.Length > 0)) yield return Gap + paint.Bold(string.Join(Gap, header.Select((name, c) => Aligned(name, c))).TrimEnd());
        for (int r = 0; r < rows.Count; r++)
        {
            var line = new StringBuilder();
            for (int c = 0; c < header.Length; c++)
            {
                string text = Aligned(rows[r][c], c);
                line.Append(Gap).Append(cell is null ? text : cell(r, c, text));
            }
            yield return line.ToString().TrimEnd();
        }

        string Aligned(string text, int column) => column == 0 ? text.PadRight(widths[0]) : text.PadLeft(widths[column]);
    }
}
