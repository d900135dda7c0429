namespace Cajal;

/// <summary>Which columns of a table are inputs, which is the target, and what each holds. Statistics are not part of it.</summary>
internal sealed class TableSchema
{
    private const int MaxIntegerClasses = 20;
    private const int MaxCategories = 1000;

    /// <summary>A column with more than this share of numbers is a number column with wrong cells, not a column of text.</summary>
    private const double NumericShare = 0.5;

    private TableSchema(TableOptions options, (string, string[]?)[] inputs, string target, string[]? classes) =>
        (Options, Inputs, Target, Classes) = (options, inputs, target, classes);

    internal TableOptions Options { get; }

    /// <summary>Input columns; categories in ordinal order, or null for a number column.</summary>
    internal (string Name, string[]? Categories)[] Inputs { get; }

    internal string Target { get; }

    /// <summary>Class names, or null for regression.</summary>
    internal string[]? Classes { get; }

    internal LearningTask Task => Classes is null ? LearningTask.Regression : LearningTask.Classification;

    internal static TableSchema Infer(CsvTable table, string? target, TableOptions options)
    {
        string targetName = target is null ? table.Columns[^1] : table.Columns[table.IndexOf(target)];
        foreach (string named in options.Exclude.Concat(options.Categorical))
        {
            table.IndexOf(named);
        }
        string[] names = [.. (options.Columns ?? table.Columns).Where(c => c != targetName && !options.Exclude.Contains(c))];
        if (names.Length == 0)
        {
            throw new InvalidDataException($"{table.Name}: no input column is left beside the target \"{targetName}\". Is the delimiter right? It was read as '{table.Delimiter}'.");
        }
        (string, string[]?)[] inputs = [.. names.Select(n => (n, InputCategories(table, n, options)))];
        return new TableSchema(options, inputs, targetName, ClassesOf(table, targetName, options));
    }

    internal static TableSchema Fitted((string, string[]?)[] inputs, string target, string[]? classes, TableOptions options) =>
        new(options, inputs, target, classes);

    /// <summary>Rows with a target and, if rows with missing inputs are to be left out, with all inputs.</summary>
    internal int[] UsableRows(CsvTable table)
    {
        int target = table.IndexOf(Target);
        int[] columns = [.. Inputs.Select(c => table.IndexOf(c.Name))];
        var rows = new List<int>(table.RowCount);
        for (int row = 0; row < table.RowCount; row++)
        {
            if (Options.Missing == MissingValues.DropRow)
            {
                if (table[row, target] is null || columns.Any(c => table[row, c] is null))
                {
                    continue;
                }
            }
            else if (table[row, target] is null)
            {
                throw Bad(table, row, Target, "the target is missing. Fill it in, or leave such rows out (MissingValues.DropRow)");
            }
            rows.Add(row);
        }
        return rows.Count > 0 ? [.. rows] : throw new InvalidDataException($"{table.Name}: no usable row is left.");
    }

    internal int LabelAt(CsvTable table, int row)
    {
        string cell = table[row, table.IndexOf(Target)] ?? throw Bad(table, row, Target, "the target is missing");
        int label = Array.BinarySearch(Classes!, Canonical(table, cell), ClassOrder);
        return label >= 0 ? label : throw Bad(table, row, Target, $"'{CsvReader.Short(cell)}' is none of the known classes ({Listed(Classes!)})");
    }

    internal static double NumberAt(CsvTable table, int row, string column, string cell)
    {
        if (table.TryNumber(cell, out double value))
        {
            return Math.Abs(value) <= float.MaxValue ? value : throw TooLarge(table, row, column, cell);
        }
        char other = table.DecimalMark == '.' ? ',' : '.';
        string hint = cell.Contains(other)
            ? $"If the {(other == ',' ? "comma" : "point")} is the decimal mark, set CsvOptions.DecimalMark = '{other}'"
            : "Correct the cell, leave it blank, add the text to CsvOptions.MissingMarkers, or declare the column in TableOptions.Categorical";
        throw Bad(table, row, column, $"'{CsvReader.Short(cell)}' is not a number. {hint}");
    }

    internal static InvalidDataException TooLarge(CsvTable table, int row, string column, string cell) =>
        Bad(table, row, column, $"'{CsvReader.Short(cell)}' is too large beside the rest of the column. Correct the cell, or leave it blank");

    internal static InvalidDataException Bad(CsvTable table, int row, string column, string problem) =>
        new($"{table.Name}, line {table.LineOf(row)}, column \"{column}\": {problem}.");

    internal static string Listed(IEnumerable<string> names) => string.Join(", ", names.Take(20).Select(n => CsvReader.Short(n))) + (names.Count() > 20 ? ", ..." : "");

    /// <summary>Numbers by value, then text by its code points: 2 before 10, and the same order on every machine.</summary>
    internal static readonly Comparer<string> ClassOrder = Comparer<string>.Create((a, b) =>
    {
        bool numberA = double.TryParse(a, System.Globalization.CultureInfo.InvariantCulture, out double x);
        bool numberB = double.TryParse(b, System.Globalization.CultureInfo.InvariantCulture, out double y);
        int byValue = numberA && numberB ? x.CompareTo(y) : numberB.CompareTo(numberA);
        return byValue != 0 ? byValue : string.CompareOrdinal(a, b);
    });

    /// <summary>Class text as it is kept: whole numbers lose a trailing ".0", so 1 and 1.0 are one class.</summary>
    private static string Canonical(CsvTable table, string cell) =>
        table.TryNumber(cell, out double value) && value == Math.Floor(value) && Math.Abs(value) < 1e15
            ? ((long)value).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : cell;

    private static string[]? InputCategories(CsvTable table, string name, TableOptions options)
    {
        int column = table.IndexOf(name);
        string[] cells = [.. Enumerable.Range(0, table.RowCount).Select(r => table[r, column]).OfType<string>()];
        bool declared = options.Categorical.Contains(name);
        if (cells.Length == 0)
        {
            throw new InvalidDataException($"{table.Name}: column \"{name}\" has no value at all. Leave it out (TableOptions.Exclude).");
        }
        if (!declared && cells.Count(c => table.TryNumber(c, out _)) > NumericShare * cells.Length)
        {
            return null;
        }
        string[] categories = [.. cells.Distinct(StringComparer.Ordinal).Order(ClassOrder)];
        bool identifier = categories.Length > 20 && categories.Length > cells.Length / 2;
        return categories.Length <= MaxCategories && (declared || !identifier)
            ? categories
            : throw new InvalidDataException(
                $"{table.Name}: column \"{name}\" holds {categories.Length} different texts in {cells.Length} rows (such as '{CsvReader.Short(cells[0])}'): an identifier, not a category. "
                + "Leave it out (TableOptions.Exclude)" + (categories.Length <= MaxCategories ? " or declare it in TableOptions.Categorical." : "."));
    }

    private static string[]? ClassesOf(CsvTable table, string target, TableOptions options)
    {
        int column = table.IndexOf(target);
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(r => table[r, column] is not null)];
        string[] distinct = [.. rows.Select(r => Canonical(table, table[r, column]!)).Distinct(StringComparer.Ordinal).Order(ClassOrder)];
        int numbers = rows.Count(r => table.TryNumber(table[r, column]!, out _));
        bool whole = numbers == rows.Length && distinct.All(c => long.TryParse(c, out _));
        bool fewWhole = whole && distinct.Length <= Math.Min(MaxIntegerClasses, Math.Max(2, rows.Length / 5));
        // A target most of whose cells are numbers is a number with wrong cells in it: those are reported when they are read.
        bool text = numbers <= NumericShare * rows.Length || options.Categorical.Contains(target);
        LearningTask task = options.Task ?? (text || fewWhole ? LearningTask.Classification : LearningTask.Regression);
        if (task == LearningTask.Regression)
        {
            return null;
        }
        if (distinct.Length == 1)
        {
            throw new InvalidDataException($"{table.Name}: the target \"{target}\" is {CsvReader.Short(distinct[0])} in every row, so there is nothing to tell apart. Choose another; the columns are {Listed(table.Columns)}.");
        }
        if (distinct.Length < 2 || (distinct.Length > 20 && distinct.Length > rows.Length / 2))
        {
            throw new InvalidDataException(
                $"{table.Name}: the target \"{target}\" has {distinct.Length} different values in {rows.Length} rows; classes need at least 2 and several rows each. "
                + $"Choose another target; the columns are {Listed(table.Columns)}.");
        }
        return distinct;
    }
}
