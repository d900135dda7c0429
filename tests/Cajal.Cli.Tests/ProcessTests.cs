namespace Cajal.Cli.Tests;

public class ProcessTests
{
    [Fact]
    public void Ctrl_C_saves_and_the_printed_command_goes_on_to_the_same_bits()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using Cli whole = new(), parts = new();
        string[] plan = ["digits", "--model", "mlp", "--hidden", "16", "--epochs", "60"];
        byte[] expected = File.ReadAllBytes(whole.Train(plan).Event("end").GetProperty("model").GetString()!);

        using var process = KilledRun.Start(["train", .. plan, "--out", parts.Folder, "--json"]);
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"event\":\"epoch\"", StringComparison.Ordinal))
        {
        }
        var interrupted = KilledRun.Interrupt(process);
        Assert.Equal(ExitCode.Interrupted, interrupted.Code);
        var end = interrupted.Event("end");
        Assert.True(end.GetProperty("interrupted").GetBoolean());
        Assert.InRange(end.GetProperty("epochs").GetInt32(), 1, 59);

        string[] words = end.GetProperty("resume").GetString()!.Split(' ');
        using var resumed = KilledRun.Start(words[(Array.IndexOf(words, "train"))..]);
        Assert.Equal(ExitCode.Ok, KilledRun.End(resumed).Code);
        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(parts.Folder, "digits-mlp-1.safetensors")));
    }

    [Fact]
    public void Output_that_is_no_terminal_has_no_escape_codes_and_a_line_per_epoch()
    {
        using var cli = new Cli();
        using var process = KilledRun.Start(["train", "iris", "--epochs", "4", "--out", cli.Folder]);
        var outcome = KilledRun.End(process);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.DoesNotContain('\e', outcome.Output + outcome.Error);
        Assert.DoesNotContain('\r', outcome.Output + outcome.Error);
        for (int epoch = 1; epoch <= 4; epoch++) Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith($"      {epoch}  ", StringComparison.Ordinal));
        Assert.Contains("test accuracy", outcome.Output);
        Assert.DoesNotContain("test accuracy", outcome.Error);
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        using var cli = new Cli();
        using var process = KilledRun.Start(["train", "iris", "--epochs", "1", "--lr", "0.05", "--out", cli.Folder, "--json"], ("LC_ALL", "de_DE.UTF-8"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"));
        Assert.Equal(0.05, KilledRun.End(process).Event("start").GetProperty("learning_rate").GetDouble());
    }
}
