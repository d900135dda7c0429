namespace Cajal.Cli.Tests;

public class HelpTests
{
    private const string Root = """
        cajal: neural networks in pure C#

        Usage: cajal COMMAND [options]

        Commands
          train DATASET|FILE.csv             Train a network and measure it on held-out
                                             data
          run NAME                           Run an experiment and compare its figures
                                             with what they must be
          eval MODEL [DATASET|FILE.csv]      Measure a saved model on held-out data, or
                                             on another table
          predict MODEL FILE                 Say what a saved model makes of an image or
                                             of the rows of a table
          inspect FILE                       Show what is in a file of weights or logs:
                                             layers, tensors, statistics
          convert IN OUT                     Write the tensors of a file in another
                                             format, which the ending of OUT says
          diff A B                           Compare two files of weights, tensor by
                                             tensor
          export MODEL --to FORMAT           Write a saved network for other programs
          list [data|experiments|models]     Show the data sets, networks and
                                             experiments that can be named
          data list | get NAME | info NAME   Show, fetch and describe data sets
          doctor                             Check this machine and say what would help
          onnx COMMAND                       Work on ONNX models
          quantize MODEL                     Turn a trained network into 8-bit numbers
                                             and measure it against the original

        Anywhere
          --help      Show help; for one command: cajal train --help
          --version   Show the version

        Exit codes
          0     done
          1     a fault of cajal itself
          2     the command was not understood or does not fit the data
          3     a data or model file cannot be read or written
          4     training diverged
          5     a required figure was missed
          130   interrupted, after saving

        Start with: cajal train digits

        """;

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("")]
    public void The_program_shows_what_it_can_do(string argument)
    {
        var outcome = Cli.Run([.. argument.Length > 0 ? new[] { argument } : []]);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(Root.ReplaceLineEndings("\n"), outcome.Output);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("train", "Data|Network|Training|Logs|Results|Examples", "--target COLUMN|--hidden N,N|--patience N|--require METRIC=VALUE|--dry-run")]
    [InlineData("eval", "Data|Results|Examples", "--seed N|--json")]
    [InlineData("predict", "Results|Examples", "--top N|--json")]
    [InlineData("convert", "Tensors|Results|Examples", "--part PREFIX|--floats NAME")]
    [InlineData("diff", "Results|Examples", "--tolerance X|--all")]
    [InlineData("export", "Format|Results|Examples", "--to NAME|--input N,N|--out FILE")]
    [InlineData("quantize", "Calibration|Results|Examples", "--data DIR|--samples N|--out FILE|--json")]
    [InlineData("doctor", "Options", "--json")]
    public void A_command_shows_its_options_in_groups(string command, string groups, string options)
    {
        var outcome = Cli.Run(command, "--help");
        Assert.Equal(ExitCode.Ok, outcome.Code);
        int last = -1;
        foreach (string group in groups.Split('|'))
        {
            int at = outcome.Output.IndexOf($"\n{group}\n", StringComparison.Ordinal);
            Assert.True(at > last, $"the group {group} is missing or out of order");
            last = at;
        }
        foreach (string option in options.Split('|')) Assert.Contains($"\n  {option} ", outcome.Output);
        Assert.All(outcome.Lines, line => Assert.True(line.Length <= 80, $"longer than the terminal: {line}"));
    }

    [Theory]
    [InlineData("data get", "NAME [options]")]
    [InlineData("onnx check", "DIR [options]")]
    public void A_command_inside_a_command_shows_its_whole_name(string command, string arguments) =>
        Assert.Contains($"Usage: cajal {command} {arguments}", Cli.Run([.. command.Split(' '), "--help"]).Output);

    [Fact]
    public void Version_is_a_version() => Assert.Matches(@"^\d+\.\d+\.\d+", Cli.Run("--version").Output);
}
