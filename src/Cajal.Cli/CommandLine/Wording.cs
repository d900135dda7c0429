namespace Cajal.Cli;

/// <summary>The library's messages name its API; here they name the options that do the same.</summary>
internal static class Wording
{
    private static readonly (string Library, string Command)[] Phrases =
    [
        ("(TableOptions.Exclude)", "(--ignore COLUMN)"),
        ("declare the column in TableOptions.Categorical", "declare the column with --categories"),
        ("declare it in TableOptions.Categorical", "declare it with --categories COLUMN"),
        ("leave it blank, add the text to CsvOptions.MissingMarkers,", "leave it blank or write NA,"),
        (". If the comma is the decimal mark, set CsvOptions.DecimalMark = ','", ". Write numbers with a decimal point"),
        (". If the point is the decimal mark, set CsvOptions.DecimalMark = '.'", ". Write all numbers with the same decimal mark"),
        (", or choose how to fill it (MissingValues.Mean, Median, MostFrequent)", ""),
        (", or use MissingValues.MostFrequent", ""),
        (", or leave such rows out (MissingValues.DropRow)", ", or delete such rows"),
        ("; set CsvOptions.Delimiter", ""),
    ];

    internal static string ForUsers(string message) =>
        Phrases.Aggregate(message, (text, phrase) => text.Replace(phrase.Library, phrase.Command, StringComparison.Ordinal));
}
