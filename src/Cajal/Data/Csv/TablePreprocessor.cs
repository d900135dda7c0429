namespace Cajal;

/// <summary>One input column of a fitted table.</summary>
/// <param name="Name">Column name in the file.</param>
/// <param name="Mean">Subtracted from numbers (0 when not rescaled).</param>
/// <param name="StandardDeviation">Divides numbers (1 when not rescaled).</param>
/// <param name="Fill">What a missing number becomes, in raw units; null: a missing value is an error.</param>
/// <param name="Categories">The categories in order, one output column each; null for a number column.</param>
/// <param name="FillCategory">What a missing category becomes; null: a missing value is an error.</param>
public sealed record TableColumn(
    string Name, double Mean, double StandardDeviation, double? Fill, IReadOnlyList<string>? Categories = null, string? FillCategory = null)
{
    /// <summary>Number of input features this column gives: 1, or one per category.</summary>
    public int Width => Categories?.Count ?? 1;
}

/// <summary>
/// How rows of a text table become network inputs: columns, categories, fill values, means and standard deviations, fitted once on training
/// rows. Stored with a model, it treats new files exactly as the training file.
/// </summary>
public sealed partial class TablePreprocessor
{
    private readonly MissingValues missing;

    private TablePreprocessor(IReadOnlyList<TableColumn> columns, string target, IReadOnlyList<string>? classes, MissingValues missing) =>
        (Columns, Target, Classes, this.missing) = (columns, target, classes, missing);

    /// <summary>Input columns, in the order of the features.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Target column.</summary>
    public string Target { get; }

    /// <summary>Class names, or null for regression.</summary>
    public IReadOnlyList<string>? Classes { get; }

    /// <summary>Classification or regression.</summary>
    public LearningTask Task => Classes is null ? LearningTask.Regression : LearningTask.Classification;

    /// <summary>Number of input features F.</summary>
    public int FeatureCount => Columns.Sum(c => c.Width);

    /// <summary>One name per feature: the column's, or <c>column=category</c>.</summary>
    public IReadOnlyList<string> FeatureNames => [.. Columns.SelectMany(c => c.Categories?.Select(k => $"{c.Name}={k}") ?? [c.Name])];

    /// <summary>Fits on all rows of a table.</summary>
    /// <param name="table">The training rows.</param>
    /// <param name="target">Target column; null: the last.</param>
    /// <param name="options">Columns, missing values, scaling.</param>
    /// <exception cref="InvalidDataException">A cell cannot be used; the message has line, column and cell.</exception>
    public static TablePreprocessor Fit(CsvTable table, string? target = null, TableOptions? options = null)
    {
        TableSchema schema = TableSchema.Infer(table, target, options ?? new TableOptions());
        return Fit(table, schema, schema.UsableRows(table));
    }

    /// <summary>Turns the inputs of every row into numbers. The target column need not be there.</summary>
    /// <returns>Float32 [N, F].</returns>
    /// <exception cref="InvalidDataException">A column is missing, or a cell cannot be used; the message has line, column and cell.</exception>
    public Tensor Encode(CsvTable table) => Tensor.From(EncodeRows(table, Indices.Range(table.RowCount)), table.RowCount, FeatureCount);

    /// <summary>Turns every row with a target into a sample; rows with missing values are filled, left out or refused as fitted.</summary>
    /// <returns>Inputs Float32 [N, F]; targets Int64 [N] or Float32 [N, 1].</returns>
    /// <exception cref="InvalidDataException">A column is missing, or a cell cannot be used; the message has line, column and cell.</exception>
    public Dataset ToDataset(CsvTable table) => ToDataset(table, Schema().UsableRows(table));

    internal static TablePreprocessor Fit(CsvTable table, TableSchema schema, int[] rows)
    {
        TableColumn[] columns = [.. schema.Inputs.Select(c => FitColumn(table, rows, c.Name, c.Categories, schema.Options))];
        return new TablePreprocessor(columns, schema.Target, schema.Classes, schema.Options.Missing);
    }

    internal Dataset ToDataset(CsvTable table, int[] rows)
    {
        Tensor inputs = Tensor.From(EncodeRows(table, rows), rows.Length, FeatureCount);
        TableSchema schema = Schema();
        int target = table.IndexOf(Target);
        Tensor targets = Classes is null
            ? Tensor.From(Array.ConvertAll(rows, r => (float)TableSchema.NumberAt(table, r, Target, table[r, target]!)), rows.Length, 1)
            : Tensor.From(Array.ConvertAll(rows, r => (long)schema.LabelAt(table, r)), rows.Length);
        var info = new DatasetInfo(Path.GetFileNameWithoutExtension(table.Name), Task)
        {
            Classes = Classes,
            FeatureNames = FeatureNames,
            Description = $"Rows of {table.Name}; target column \"{Target}\".",
        };
        return new TensorDataset(inputs, targets, info);
    }

    private static TableColumn FitColumn(CsvTable table, int[] rows, string name, string[]? categories, TableOptions options)
    {
        int column = table.IndexOf(name);
        bool fills = options.Missing is not (MissingValues.Error or MissingValues.DropRow);
        (int Row, string Cell)[] cells = [.. rows.Select(r => (r, table[r, column])).Where(c => c.Item2 is not null).Select(c => (c.r, c.Item2!))];
        if (cells.Length == 0)
        {
            throw new InvalidDataException($"{table.Name}: column \"{name}\" has no value in the training rows. Leave it out (TableOptions.Exclude).");
        }
        if (categories is not null)
        {
            string frequent = cells.CountBy(c => c.Cell).OrderByDescending(g => g.Value).ThenBy(g => g.Key, TableSchema.ClassOrder).First().Key;
            return new TableColumn(name, 0, 1, null, categories, fills ? frequent : null);
        }
        double[] values = [.. cells.Select(c => TableSchema.NumberAt(table, c.Row, name, c.Cell))];
        double average = values.Average();
        double? fill = options.Missing switch
        {
            MissingValues.Mean => average,
            MissingValues.Median => Median(values),
            MissingValues.MostFrequent => values.CountBy(v => v).OrderByDescending(g => g.Value).ThenBy(g => g.Key).First().Key,
            _ => null,
        };
        double deviation = Math.Sqrt(values.Average(v => (v - average) * (v - average)));
        return options.Standardise
            ? new TableColumn(name, average, deviation > 0 ? deviation : 1, fill)
            : new TableColumn(name, 0, 1, fill);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
    }

    private float[] EncodeRows(CsvTable table, int[] rows)
    {
        int[] at = [.. Columns.Select(c => table.IndexOf(c.Name))];
        int width = FeatureCount;
        var values = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
        {
            int feature = i * width;
            for (int c = 0; c < at.Length; feature += Columns[c].Width, c++)
            {
                EncodeCell(table, rows[i], at[c], Columns[c], values.AsSpan(feature, Columns[c].Width));
            }
        }
        return values;
    }

    private static void EncodeCell(CsvTable table, int row, int at, TableColumn column, Span<float> features)
    {
        string? cell = table[row, at];
        if (column.Categories is null)
        {
            double value = cell is null
                ? column.Fill ?? throw TableSchema.Bad(table, row, column.Name, "the value is missing. Fill it in, or choose how to fill it (MissingValues.Mean, Median, MostFrequent)")
                : TableSchema.NumberAt(table, row, column.Name, cell);
            features[0] = (float)((value - column.Mean) / column.StandardDeviation);
            if (!float.IsFinite(features[0]))
            {
                throw TableSchema.TooLarge(table, row, column.Name, cell ?? "");
            }
            return;
        }
        string category = cell ?? column.FillCategory ?? throw TableSchema.Bad(table, row, column.Name, "the value is missing. Fill it in, or use MissingValues.MostFrequent");
        for (int k = 0; k < features.Length; k++)
        {
            if (column.Categories[k] == category)
            {
                features[k] = 1;
                return;
            }
        }
        throw TableSchema.Bad(
            table, row, column.Name, $"'{CsvReader.Short(category)}' was not among the categories fitted ({TableSchema.Listed(column.Categories)}). Correct it, or fit again with rows that have it");
    }

    private TableSchema Schema() => TableSchema.Fitted(
        [.. Columns.Select(c => (c.Name, c.Categories?.ToArray()))], Target, Classes?.ToArray(), new TableOptions { Missing = missing });
}
