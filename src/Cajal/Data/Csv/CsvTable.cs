using System.Globalization;
using System.Text;

namespace Cajal;

/// <summary>
/// A text table in memory: named columns of cells, not yet numbers. Separated by comma, semicolon, tab or |, with or without a header; see
/// <see cref="CsvOptions"/>.
/// </summary>
/// <example><code>
/// var table = CsvTable.Read("houses.csv");
/// var (train, test, preprocessor) = table.Split(target: "price", fraction: 0.8, seed: 1);
/// </code></example>
public sealed class CsvTable
{
    /// <summary>So many records tell how a table is written.</summary>
    private const int JudgedRecords = 1000;

    private readonly List<CsvReader.Record> records;
    private readonly HashSet<string> missing;

    private CsvTable(string name, char delimiter, char decimalMark, bool header, string[] columns, List<CsvReader.Record> records, CsvOptions options)
    {
        (Name, Delimiter, HasHeader, Columns, this.records, DecimalMark) = (name, delimiter, header, columns, records, decimalMark);
        missing = new HashSet<string>(options.MissingMarkers, StringComparer.OrdinalIgnoreCase) { "" };
    }

    /// <summary>File name, for messages.</summary>
    public string Name { get; }

    /// <summary>The delimiter used.</summary>
    public char Delimiter { get; }

    /// <summary>The decimal mark used.</summary>
    public char DecimalMark { get; }

    /// <summary>Whether the first line held the names; otherwise columns are called column1, column2, ...</summary>
    public bool HasHeader { get; }

    /// <summary>Column names, in the file's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Number of rows, the header not counted.</summary>
    public int RowCount => records.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">UTF-8, or any encoding with a byte-order mark; what is not valid UTF-8 is read as Latin-1. Gzipped files are recognised.</param>
    /// <param name="options">How the text is written; default: found out.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line has too many or too few cells, or a quote is not closed; the message says where and how to mend it.</exception>
    public static CsvTable Read(string path, CsvOptions? options = null)
    {
        try
        {
            return Read(path, new UTF8Encoding(false, throwOnInvalidBytes: true), options);
        }
        catch (DecoderFallbackException)
        {
            return Read(path, Encoding.Latin1, options);
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="reader">Read to its end.</param>
    /// <param name="options">How the text is written; default: found out.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static CsvTable Read(TextReader reader, CsvOptions? options = null, string name = "the table") => Parse(Text(reader, name), options, name);

    private static CsvTable Read(string path, Encoding encoding, CsvOptions? options)
    {
        using var reader = new StreamReader(BoundedReader.OpenMaybeGzip(path), encoding);
        return Read(reader, options, Path.GetFileName(path));
    }

    private static string Text(TextReader reader, string name)
    {
        try
        {
            return reader.ReadToEnd();
        }
        catch (InvalidDataException inner)
        {
            throw new InvalidDataException($"{name}: the compressed data are damaged ({inner.Message}) Get the file again.", inner);
        }
    }

    private static CsvTable Parse(string text, CsvOptions? options, string name)
    {
        options ??= new CsvOptions();
        if (text.Contains('\0'))
        {
            throw new InvalidDataException($"{name}: this is no text table: it holds zero bytes. A spreadsheet can be saved as CSV.");
        }
        char delimiter = options.Delimiter ?? CsvReader.Sniff(text, name);
        if (delimiter == options.DecimalMark)
        {
            throw new InvalidDataException($"{name}: '{delimiter}' cannot be both delimiter and decimal mark; set CsvOptions.Delimiter.");
        }
        List<CsvReader.Record> records = CsvReader.Read(text, delimiter, name);
        if (records.Count == 0)
        {
            throw new InvalidDataException($"{name}: the file is empty.");
        }
        CheckWidths(records, delimiter, name);
        char mark = options.DecimalMark ?? DecimalMarkOf(records, delimiter);
        bool header = options.Header ?? LooksLikeHeader(records, mark, options);
        string[] columns = header
            ? [.. records[0].Cells.Select((cell, i) => cell.Trim() is { Length: > 0 } given ? given : $"column{i + 1}")]
            : [.. records[0].Cells.Select((_, i) => $"column{i + 1}")];
        if (columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{name}, line {records[0].Line}: two columns are called \"{twice.Key}\". Rename one.");
        }
        if (header)
        {
            records.RemoveAt(0);
        }
        return new CsvTable(name, delimiter, mark, header, columns, records, options);
    }

    /// <summary>One cell, trimmed; null if its value is missing.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">Index into <see cref="Columns"/>.</param>
    public string? this[int row, int column] => records[row].Cells[column].Trim() is var cell && missing.Contains(cell) ? null : cell;

    /// <summary>Line of the file on which a row begins, from 1.</summary>
    public int LineOf(int row) => records[row].Line;

    /// <summary>Index of a column by name.</summary>
    /// <exception cref="InvalidDataException">There is no such column; the message lists those there are.</exception>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }
        string near = DidYouMean.Closest(column, Columns) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        string hint = HasHeader ? "" : " The file has no header line, so its columns are numbered.";
        throw new InvalidDataException($"{Name}: there is no column \"{column}\"; the columns are {string.Join(", ", Columns.Take(40))}.{near}{hint}");
    }

    /// <summary>Fits the preprocessing on all rows and applies it. For an honest test use <c>Split</c>, which fits on the training rows only.</summary>
    /// <param name="target">Target column; null: the last.</param>
    /// <param name="options">Columns, missing values, scaling.</param>
    /// <exception cref="InvalidDataException">A cell cannot be used; the message has line, column and cell.</exception>
    public Dataset ToDataset(string? target = null, TableOptions? options = null) => TablePreprocessor.Fit(this, target, options).ToDataset(this);

    /// <summary>Splits the rows at random (stratified if the target is a class), fits the preprocessing on the training rows, applies it to both.</summary>
    /// <param name="target">Target column; null: the last.</param>
    /// <param name="fraction">Share of the training part.</param>
    /// <param name="seed">Fixes the split.</param>
    /// <param name="options">Columns, missing values, scaling.</param>
    /// <exception cref="InvalidDataException">A cell cannot be used; the message has line, column and cell.</exception>
    public (Dataset Train, Dataset Test, TablePreprocessor Preprocessor) Split(
        string? target = null, double fraction = 0.8, int seed = 0, TableOptions? options = null)
    {
        TableSchema schema = TableSchema.Infer(this, target, options ?? new TableOptions());
        int[] rows = schema.UsableRows(this);
        int[]? strata = schema.Task == LearningTask.Classification ? Array.ConvertAll(rows, r => schema.LabelAt(this, r)) : null;
        (int[] first, int[] second) = Splitting.InTwo(rows.Length, fraction, strata, DataRandom.Seeded(seed));
        TablePreprocessor preprocessor = TablePreprocessor.Fit(this, schema, Array.ConvertAll(first, i => rows[i]));
        return (preprocessor.ToDataset(this, Array.ConvertAll(first, i => rows[i])), preprocessor.ToDataset(this, Array.ConvertAll(second, i => rows[i])), preprocessor);
    }

    internal bool TryNumber(string cell, out double value) => TryNumber(cell, DecimalMark, out value);

    private static bool TryNumber(string cell, char decimalMark, out double value)
    {
        value = 0;
        if (decimalMark != '.')
        {
            if (cell.Contains('.'))
            {
                return false;
            }
            cell = cell.Replace(decimalMark, '.');
        }
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static void CheckWidths(List<CsvReader.Record> records, char delimiter, string name)
    {
        int width = records[0].Cells.Length;
        foreach (CsvReader.Record record in records)
        {
            if (record.Cells.Length != width)
            {
                string shown = delimiter == '\t' ? "tab" : $"'{delimiter}'";
                throw new InvalidDataException(
                    $"{name}, line {record.Line}: {record.Cells.Length} cells where line {records[0].Line} has {width}, delimiter {shown}: "
                    + $"\"{CsvReader.Short(string.Join(delimiter, record.Cells))}\". Put cells that contain the delimiter in double quotes, or correct the line.");
            }
        }
    }

    private static char DecimalMarkOf(List<CsvReader.Record> records, char delimiter)
    {
        int points = 0, commas = 0;
        bool thousands = true;
        foreach (string cell in records.Take(JudgedRecords).SelectMany(record => record.Cells).Select(cell => cell.Trim()))
        {
            if (cell.Contains('.') && TryNumber(cell, '.', out _))
            {
                points++;
            }
            if (cell.Contains(',') && TryNumber(cell, ',', out _))
            {
                commas++;
                thousands &= cell.Length - cell.IndexOf(',') == 4 && !cell.StartsWith('0');
            }
        }
        return delimiter != ',' && commas > points && !thousands ? ',' : '.';
    }

    /// <summary>
    /// The first line names columns if none of its cells is a number or missing and either a column below it holds numbers or its texts
    /// occur nowhere below.
    /// </summary>
    private static bool LooksLikeHeader(List<CsvReader.Record> records, char mark, CsvOptions options)
    {
        string[] first = records[0].Cells;
        if (first.Any(c => TryNumber(c.Trim(), mark, out _) || options.MissingMarkers.Contains(c.Trim(), StringComparer.OrdinalIgnoreCase)))
        {
            return false;
        }
        List<CsvReader.Record> below = records.GetRange(1, Math.Min(records.Count - 1, JudgedRecords));
        return below.Any(r => r.Cells.Any(c => TryNumber(c.Trim(), mark, out _)))
            || !Enumerable.Range(0, first.Length).Any(i => below.Any(r => r.Cells[i].Trim() == first[i].Trim()));
    }
}
