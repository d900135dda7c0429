namespace Cajal;

/// <summary>How a text table is written. What is left null is found out from the text.</summary>
public sealed record CsvOptions
{
    /// <summary>Comma, semicolon, tab, | or any other character; null: whichever of the four divides the first lines evenly.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line holds names; null: yes if it holds no number while lines below do, or if its texts do not recur below.</summary>
    public bool? Header { get; init; }

    /// <summary>
    /// The decimal mark: a point, or a comma for numbers such as 3,5 (then the delimiter must be another character); null: a comma if more numbers are written with it than with a point,
    /// and not all of them might be thousands such as 3,500.
    /// </summary>
    public char? DecimalMark { get; init; }

    /// <summary>Cells that mean "no value", besides blank ones; compared without regard to case.</summary>
    public IReadOnlyList<string> MissingMarkers { get; init; } = ["NA", "N/A", "NaN", "?", "null", "none"];
}

/// <summary>What to do with a missing value.</summary>
public enum MissingValues
{
    /// <summary>Numbers: the column's mean. Categories: the most frequent.</summary>
    Mean,

    /// <summary>Numbers: the column's median. Categories: the most frequent.</summary>
    Median,

    /// <summary>The most frequent value.</summary>
    MostFrequent,

    /// <summary>Leave the row out.</summary>
    DropRow,

    /// <summary>Stop with an error that names line and column.</summary>
    Error,
}

/// <summary>How a table becomes inputs and targets.</summary>
public sealed record TableOptions
{
    /// <summary>Input columns, by name; null: all but the target.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns to leave out, by name.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Columns to take as categories though they look like numbers.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>What to do with missing values.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Mean;

    /// <summary>Rescale number columns to mean 0 and standard deviation 1.</summary>
    public bool Standardise { get; init; } = true;

    /// <summary>Classification or regression; null: classification if the target is text or few whole numbers.</summary>
    public LearningTask? Task { get; init; }
}
