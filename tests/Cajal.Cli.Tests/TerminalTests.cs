using System.Globalization;

namespace Cajal.Cli.Tests;

public class TerminalTests
{
    [Theory]
    [InlineData(40, 40, "1 2 3 4")]
    [InlineData(60, 31, "1 2 4 6")]
    [InlineData(100, 21, "1 5 10 15")]
    [InlineData(300, 31, "1 10 20 30")]
    public void A_long_table_shows_some_of_its_epochs_and_the_last(int epochs, int rows, string first)
    {
        using var cli = new Cli();
        var outcome = Cli.Run(live: false, colours: false, 80, "train", "iris", "--epochs", epochs.ToString(CultureInfo.InvariantCulture), "--out", cli.Folder);
        string[] shown = [.. outcome.Error.Split('\n').Where(line => line.EndsWith(" s", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])];
        Assert.Equal(first, string.Join(' ', shown.Take(4)));
        Assert.Equal((rows, $"{epochs}"), (shown.Length, shown[^1]));
        Assert.Equal(epochs > 40, outcome.Error.Contains("epoch is shown; the record and the curve have all", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_epoch_is_shown_wherever_training_stops()
    {
        using var cli = new Cli();
        var outcome = Cli.Run(live: false, colours: false, 80, "train", "breast-cancer", "--lr", "0.05", "--epochs", "2000", "--patience", "3", "--out", cli.Folder);
        string last = outcome.Error.Split('\n').Last(line => line.EndsWith(" s", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        Assert.Contains($"stopped after epoch {last};", outcome.Error);
    }

    [Fact]
    public void A_terminal_gets_a_bar_and_colours()
    {
        using var cli = new Cli();
        var outcome = Cli.Run(live: true, colours: true, 80, "train", "digits", "--epochs", "1", "--out", cli.Folder);
        Assert.Contains("\r epoch 1/1 \e[36m", outcome.Error);
        Assert.Contains("samples/s", outcome.Error);
        Assert.Contains("ETA 0:", outcome.Error);
        Assert.Contains("\e[1m", outcome.Output);
    }

    [Fact]
    public void Without_colours_the_bar_stays()
    {
        using var cli = new Cli();
        var outcome = Cli.Run(live: true, colours: false, 80, "train", "digits", "--epochs", "1", "--out", cli.Folder);
        Assert.Contains("\r epoch 1/1 ━", outcome.Error.Replace("─", "━", StringComparison.Ordinal));
        Assert.DoesNotContain("\e[3", outcome.Error + outcome.Output);
        Assert.DoesNotContain("\e[1m", outcome.Error + outcome.Output);
        Assert.DoesNotContain("\e[4", outcome.Error + outcome.Output);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", "xterm", true)]
    [InlineData("1", "xterm", false)]
    [InlineData(null, "dumb", false)]
    public void NO_COLOR_and_dumb_terminals_are_honoured(string? noColor, string? term, bool expected) =>
        Assert.Equal(expected, Terminal.WantsColours(name => name == "NO_COLOR" ? noColor : term));

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_bar_fits_the_terminal(int width)
    {
        using var cli = new Cli();
        var outcome = Cli.Run(live: true, colours: false, width, "train", "digits", "--epochs", "1", "--out", cli.Folder);
        string[] drawn = [.. outcome.Error.Split('\r').Where(part => part.StartsWith(" epoch 1/1", StringComparison.Ordinal)).Select(part => part.Split('\e')[0])];
        Assert.NotEmpty(drawn);
        Assert.All(drawn, bar => Assert.True(bar.Length < width, bar));
    }

    [Fact]
    public void The_confusion_matrix_has_a_row_per_class()
    {
        using StringWriter output = new() { NewLine = "\n" };
        ConfusionTable.Write(new Terminal(output, output, false, false, 80, false), new[,] { { 5, 0 }, { 2, 10 } }, ["no", "yes"]);
        Assert.Equal("rows: what it is; columns: what it was taken for\n       no  yes\n  no    5    ·\n  yes   2   10\n\n", output.ToString());
    }

    [Fact]
    public void Images_are_drawn_with_shades()
    {
        var (lines, width) = ImageText.Draw(Tensor.From(new float[] { 0, 1, 0.5f, 0 }, 1, 2, 2), new Paint(false));
        Assert.Equal(["  @@", "++  "], lines);
        Assert.Equal(4, width);
    }
}
