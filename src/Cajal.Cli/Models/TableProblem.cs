using System.Globalization;
using System.Security.Cryptography;

namespace Cajal.Cli;

/// <summary>Learning from a CSV file.</summary>
internal static class TableProblem
{
    /// <summary>With fewer rows nothing can be held out that would say anything.</summary>
    private const int LeastRows = 10;

    /// <summary>Below this number the figures scatter so much that it has to be said.</summary>
    private const int FewRows = 30;

    /// <summary>So many columns or classes are named one by one.</summary>
    private const int ListedNames = 8;

    internal static bool IsTable(string path)
    {
        string plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return new[] { ".csv", ".tsv", ".txt" }.Any(ending => plain.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message offers a neighbour with a similar name.</exception>
    internal static CsvTable Read(string path) => CsvTable.Read(Files.Existing(path));

    /// <summary>The problem of predicting one column of a file from the others.</summary>
    internal static LearningProblem Create(TrainSettings settings, Terminal terminal)
    {
        string path = settings.Data;
        var table = Read(path);
        string wanted = Column(table, settings.Target ?? table.Columns[^1], "--target");
        var options = new TableOptions
        {
            Exclude = [.. settings.Ignore.Select(name => Column(table, name, "--ignore"))],
            Categorical = [.. settings.Categories.Select(name => Column(table, name, "--categories"))],
            Task = settings.Task,
        };
        if (options.Exclude.Contains(wanted)) throw new UsageException($"--ignore names \"{wanted}\", which is the target column.");
        if (table.RowCount < LeastRows)
            throw new InvalidDataException($"{table.Name} has {Rows(table.RowCount)}; at least {LeastRows} are needed, because a fifth is held out for measuring.");
        if (table.RowCount < FewRows) terminal.Warn($"{table.Name} has only {Rows(table.RowCount)}; held-out figures from so few say little.");
        var probe = TablePreprocessor.Fit(table, wanted, options);
        CheckClasses(table, probe, terminal);
        foreach (var column in probe.Columns.Where(column => column.Categories is null && Counts(table, column.Name)))
            terminal.Warn($"column \"{column.Name}\" only counts the rows; leave it out with --ignore {CommandHint.Quote(column.Name)}");
        terminal.Note(Understood(table, probe, settings));
        string name = Path.GetFileName(path);
        name = name[..name.IndexOf('.')];
        return new(name, $"{Rows(table.RowCount)} of {Path.GetFileName(path)}", new("mlp", 60, 32, 3e-3), (_, seed) =>
        {
            var (train, test, preprocessor) = table.Split(wanted, 0.8, seed, options);
            return new(train, test, preprocessor);
        });
    }

    /// <summary>The held-out rows of the file a model was trained on.</summary>
    internal static Dataset HeldOut(CsvTable table, TablePreprocessor fitted, int seed)
    {
        var options = new TableOptions
        {
            Columns = [.. fitted.Columns.Select(column => column.Name)],
            Categorical = [.. fitted.Columns.Where(column => column.Categories is not null).Select(column => column.Name)],
            Task = fitted.Task,
        };
        return table.Split(fitted.Target, 0.8, seed, options).Test;
    }

    /// <summary>A built-in table as columns of text: raw numbers under the names of its features.</summary>
    internal static TablePreprocessor Columns(Dataset data) => TablePreprocessor.FromJson(JsonLines.Text(json =>
    {
        json.WriteNumber("version", 1);
        json.WriteString("target", data.Task == LearningTask.Classification ? "class" : "target");
        json.WriteString("missing", nameof(MissingValues.Error));
        if (data.Classes is { } classes) json.WriteTexts("classes", classes);
        json.WriteStartArray("columns");
        foreach (string feature in data.FeatureNames!)
        {
            json.WriteStartObject();
            json.WriteString("name", feature);
            json.WriteNumber("mean", 0);
            json.WriteNumber("std", 1);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }));

    /// <summary>What a file's bytes are, by which the file a model was trained on is known again.</summary>
    internal static string Fingerprint(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Whether a column is n, n + 1, n + 2, ...: a row number, from which nothing can be learned that would hold for other rows.</summary>
    private static bool Counts(CsvTable table, string name)
    {
        int column = table.IndexOf(name);
        return long.TryParse(table[0, column], CultureInfo.InvariantCulture, out long first)
            && Enumerable.Range(0, table.RowCount).All(row => long.TryParse(table[row, column], CultureInfo.InvariantCulture, out long number) && number == first + row);
    }

    /// <summary>What was made of the columns, so that a column of codes taken for quantities, or the other way round, is seen before it is learned from.</summary>
    private static string Understood(CsvTable table, TablePreprocessor probe, TrainSettings settings)
    {
        string last = settings.Target is null ? " (the last column; --target COLUMN chooses another)" : "";
        bool couldBeNumber = settings.Task is null && probe.Classes is { } classes && classes.All(name => double.TryParse(name, CultureInfo.InvariantCulture, out _));
        string kind = probe.Classes is null ? "a number" : probe.Classes.Count <= ListedNames ? $"one of {string.Join(", ", probe.Classes)}" : $"one of {probe.Classes.Count} classes";
        string other = couldBeNumber ? " (--task number takes it for a number)" : "";
        string[] inputs = [.. probe.Columns.Take(ListedNames).Select(column => column.Categories is { } categories ? $"{column.Name} ({categories.Count} categories)" : column.Name)];
        string more = probe.Columns.Count > ListedNames ? $" and {probe.Columns.Count - ListedNames} more columns" : "";
        string mark = table.DecimalMark == ',' ? "; the comma is read as decimal mark" : "";
        return $"predicting {probe.Target}{last}, {kind}{other}, from {string.Join(", ", inputs)}{more}{mark}";
    }

    private static void CheckClasses(CsvTable table, TablePreprocessor probe, Terminal terminal)
    {
        if (probe.Classes is null) return;
        string target = probe.Target;
        int column = table.IndexOf(target);
        var counts = Enumerable.Range(0, table.RowCount).Select(row => table[row, column]).OfType<string>().CountBy(cell => cell).ToList();
        if (probe.Classes.Count * 2 > table.RowCount)
        {
            throw new InvalidDataException(
                $"{table.Name}: the target \"{target}\" has {probe.Classes.Count} different values in {Rows(table.RowCount)}; a class needs several rows. Is it an identifier?");
        }
        string[] rare = [.. counts.Where(entry => entry.Value < 5).Select(entry => $"\"{entry.Key}\" ({Rows(entry.Value)})")];
        if (rare.Length > 0) terminal.Warn($"{table.Name}: {string.Join(", ", rare.Take(5))}{(rare.Length > 5 ? ", ..." : "")}: too few to learn a class from.");
    }

    private static string Column(CsvTable table, string name, string option) => table.Columns.Contains(name)
        ? name
        : throw new UsageException(
            $"{option}: {table.Name} has no column \"{name}\"{(DidYouMean.Hint(name, table.Columns) is { Length: > 0 } hint ? hint + " Its" : "; its")} columns are {string.Join(", ", table.Columns.Take(40))}."
            + (table.Columns.Count == 1 ? " Columns are divided by commas, semicolons, tabs or |." : ""));

    private static string Rows(int count) => count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} rows");
}
