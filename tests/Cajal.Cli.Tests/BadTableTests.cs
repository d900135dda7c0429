namespace Cajal.Cli.Tests;

/// <summary>Tables that cannot be learned from: the message has file, line and column, and nothing is written.</summary>
public class BadTableTests
{
    /// <summary>Line 8 of a good table, the header counted.</summary>
    private const int BadRow = 7;

    [Theory]
    [InlineData("inf,1.5,red,rose", "t.csv, line 8, column \"length\": 'inf' is not a number.")]
    [InlineData("-Infinity,1.5,red,rose", "t.csv, line 8, column \"length\": '-Infinity' is not a number.")]
    [InlineData("1e999,1.5,red,rose", "t.csv, line 8, column \"length\": '1e999' is not a number.")]
    [InlineData("1e300,1.5,red,rose", "t.csv, line 8, column \"length\": '1e300' is too large")]
    [InlineData("3.0.1,1.5,red,rose", "t.csv, line 8, column \"length\": '3.0.1' is not a number.")]
    [InlineData("3.1,1.5,red", "t.csv, line 8: 3 cells where line 1 has 4")]
    [InlineData("3.1,1.5,red,rose,9", "t.csv, line 8: 5 cells where line 1 has 4")]
    [InlineData("3.1,1.5,\"red,rose", "t.csv, line 8: the quote that opens")]
    [InlineData("3.1,1.5,red,", "t.csv, line 8, column \"species\": the target is missing.")]
    [InlineData("3.1,1.5,red,NaN", "t.csv, line 8, column \"species\": the target is missing.")]
    public void A_bad_row_is_named_by_line_and_column(string row, string message)
    {
        string[] lines = Samples.Flowers(40).TrimEnd().Split('\n');
        lines[BadRow] = row;
        Refused(string.Join('\n', lines), message);
    }

    [Theory]
    [InlineData("", "t.csv: the file is empty.")]
    [InlineData("\n\n", "t.csv: the file is empty.")]
    [InlineData("a,b,c\n", "t.csv has 0 rows; at least 10 are needed")]
    [InlineData("a,a,b\n1,2,3\n", "t.csv, line 1: two columns are called \"a\".")]
    public void A_table_without_rows_says_so(string text, string message) => Refused(text, message);

    [Fact]
    public void A_column_of_nothing_but_NaN_is_named() => Refused(
        "x,gone,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i}.5,NaN,{i % 2}\n")), "t.csv: column \"gone\" has no value at all.");

    [Fact]
    public void A_target_that_no_float_holds_is_named() => Refused(
        "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * i % 17},{(i == 5 ? "1e39" : $"{i}.5")}\n")), "t.csv, line 7, column \"y\": '1e39' is too large");

    [Fact]
    public void A_number_far_from_what_the_model_has_seen_is_named()
    {
        using var cli = new Cli();
        string model = cli.Train(cli.File("t.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{1e-6 * i},{i % 2}\n"))), "--epochs", "1").Event("end").GetProperty("model").GetString()!;
        var outcome = Cli.Run("predict", model, cli.File("new.csv", "x\n1e-6\n-1e38\n"));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        Assert.Equal("cajal: new.csv, line 3, column \"x\": '-1e38' is too large beside the rest of the column. Correct the cell, or leave it blank.\n", outcome.Error);
    }

    [Fact]
    public void Some_missing_numbers_are_filled()
    {
        using var cli = new Cli();
        string[] lines = Samples.Flowers(40).TrimEnd().Split('\n');
        lines[BadRow] = "NaN,,red,rose";
        Assert.Equal(ExitCode.Ok, cli.Train(cli.File("t.csv", string.Join('\n', lines)), "--epochs", "1").Code);
    }

    private static void Refused(string text, string message)
    {
        using var cli = new Cli();
        var outcome = Cli.Run("train", cli.File("t.csv", text), "--epochs", "1", "--out", cli.File("runs"));
        Assert.Equal(ExitCode.BadFile, outcome.Code);
        string said = Assert.Single(outcome.Error.TrimEnd().Split('\n'), line => line.StartsWith("cajal: ", StringComparison.Ordinal));
        Assert.Contains(message, said);
        Assert.DoesNotContain("TableOptions", said);
        Assert.Empty(outcome.Output);
        Assert.False(Directory.Exists(cli.File("runs")));
    }
}
