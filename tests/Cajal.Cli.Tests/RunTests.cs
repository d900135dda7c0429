using Cajal.Experiments;

namespace Cajal.Cli.Tests;

/// <summary>How an experiment is shown, and what the process tells its caller.</summary>
public class RunTests
{
    [Fact]
    public void A_misspelt_name_is_answered_with_the_nearest()
    {
        var outcome = Cli.Run("run", "alexnett");
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Equal("cajal: there is no experiment \"alexnett\"; did you mean \"alexnet\"? See: cajal list experiments\n", outcome.Error);
        Assert.Contains("say which experiment", Cli.Run("run").Error);
    }

    [Fact]
    public void Figures_stand_beside_what_was_expected()
    {
        using var cli = new Cli();
        var outcome = Run(cli, new Coin(0.9), json: false);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Matches(@"(?m)^  accuracy of a coin +≥ 80\.0 % +90\.0 % +ok$", outcome.Output);
        Assert.Contains("throws  12", outcome.Output);
        Assert.Contains($"record    {Path.Combine(cli.Folder, "result.json")}", outcome.Output);
        Assert.Contains(Path.Combine(cli.Folder, "coin.png"), outcome.Output);
        Assert.Contains("  tossing 2/2  heads 0.5\n", outcome.Error);
        Assert.Contains("simulated", outcome.Error);
    }

    [Fact]
    public void A_missed_figure_ends_with_5()
    {
        using var cli = new Cli();
        var outcome = Run(cli, new Coin(0.7), json: false);
        Assert.Equal(ExitCode.Missed, outcome.Code);
        Assert.Matches(@"(?m)^  accuracy of a coin +≥ 80\.0 % +70\.0 % +missed$", outcome.Output);
    }

    [Fact]
    public void Json_has_nothing_else_on_standard_output()
    {
        using var cli = new Cli();
        var outcome = Run(cli, new Coin(0.9), json: true);
        Assert.Equal(["start", "note", "epoch", "epoch", "figure", "figure", "end"], outcome.Json.Select(line => line.GetProperty("event").GetString()));
        var end = outcome.Event("end");
        Assert.Equal(0.9, end.GetProperty("accuracy").GetDouble());
        Assert.True(end.GetProperty("met").GetBoolean());
        Assert.Equal(2, end.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void An_interrupted_run_says_where_its_files_are()
    {
        using var cli = new Cli();
        using var source = new CancellationTokenSource();
        source.Cancel();
        var outcome = Run(cli, new Coin(0.9), json: false, source.Token);
        Assert.Equal(ExitCode.Interrupted, outcome.Code);
        Assert.Contains(cli.Folder, outcome.Error);
    }

    private static Outcome Run(Cli cli, Experiment experiment, bool json, CancellationToken cancellation = default)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var terminal = new Terminal(output, error, false, false, 80, false);
        ExperimentReport report = json ? new ExperimentJson(terminal) : new ExperimentText(terminal);
        int code = RunCommand.Execute(report, cancellation, token => new ExperimentRunner(report).Run(experiment, cli.Folder, cancellation: token), cli.Folder);
        return new(code, output.ToString(), error.ToString());
    }

    private sealed class Coin(double accuracy) : Experiment
    {
        public override string Name => "coin";

        public override string Summary => "a coin is tossed";

        public override string Source => "this test";

        public override IReadOnlyList<Goal> Goals { get; } = [Goal.AtLeast("accuracy", 0.8, "accuracy of a coin", format: "0.0 %")];

        public override void Run(Trial trial)
        {
            trial.Note("simulated tosses");
            for (int i = 1; i <= 2; i++) trial.Step("tossing", i, 2, ("heads", 0.5));
            trial.Figure("accuracy", accuracy);
            trial.Figure("throws", 12);
            trial.Picture("coin", ImageGrid.Of(Tensor.Ones(1, 1, 2, 2), columns: 1));
        }
    }
}
