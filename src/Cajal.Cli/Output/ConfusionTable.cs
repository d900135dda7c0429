using System.Globalization;

namespace Cajal.Cli;

/// <summary>Rows: what a sample is; columns: what it was taken for. If the classes are many, only the most frequent confusions are listed.</summary>
internal static class ConfusionTable
{
    private const int ListedConfusions = 10, LongestName = 12;

    internal static void Write(Terminal terminal, int[,] confusion, IReadOnlyList<string> classes)
    {
        string[] names = [.. classes.Select(name => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…")];
        int widest = names.Max(name => name.Length) + 2;
        bool fits = widest + confusion.GetLength(1) * (Math.Max(LongestCount(confusion), 1) + 2) <= terminal.Width;
        string[] heads = [.. names.Select(name => Abbreviated(name, Math.Max(1, (terminal.Width - widest) / names.Length - 2)))];
        if (fits && heads.Distinct().Count() == heads.Length) WriteMatrix(terminal, confusion, names, heads);
        else WriteList(terminal, confusion, classes);
        terminal.Output.WriteLine();
    }

    private static void WriteMatrix(Terminal terminal, int[,] confusion, string[] names, string[] heads)
    {
        var table = new TextTable(["", .. heads]);
        for (int row = 0; row < names.Length; row++)
        {
            var cells = Enumerable.Range(0, heads.Length).Select(column => confusion[row, column] is > 0 and var count ? count.ToString(CultureInfo.InvariantCulture) : "·");
            table.Add([names[row], .. cells]);
        }
        terminal.Output.WriteLine("rows: what it is; columns: what it was taken for");
        foreach (string line in table.Lines(terminal.Paint, Coloured)) terminal.Output.WriteLine(line);

        string Coloured(int row, int column, string text) => column == 0 ? terminal.Paint.Bold(text)
            : text.EndsWith('·') ? terminal.Paint.Dim(text)
            : column == row + 1 ? terminal.Paint.Green(text) : terminal.Paint.Red(text);
    }

    private static void WriteList(Terminal terminal, int[,] confusion, IReadOnlyList<string> classes)
    {
        var worst = (from row in Enumerable.Range(0, classes.Count)
                     from column in Enumerable.Range(0, classes.Count)
                     where row != column && confusion[row, column] > 0
                     orderby confusion[row, column] descending
                     select (Is: classes[row], Taken: classes[column], Count: confusion[row, column])).Take(ListedConfusions).ToList();
        if (worst.Count == 0) return;
        terminal.Output.WriteLine("most frequent confusions");
        foreach (var (actual, taken, count) in worst)
            terminal.Output.WriteLine($"  {count.ToString(CultureInfo.InvariantCulture),5}  {actual} taken for {taken}");
    }

    private static string Abbreviated(string name, int width) => name.Length <= width ? name : name[..width];

    private static int LongestCount(int[,] confusion) => confusion.Cast<int>().Max().ToString(CultureInfo.InvariantCulture).Length;
}
