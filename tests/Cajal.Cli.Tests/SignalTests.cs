using System.Globalization;
using System.Diagnostics;

namespace Cajal.Cli.Tests;

/// <summary>Ctrl-C and the request to end, as a person sees them.</summary>
public class SignalTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_table_is_left_with_a_checkpoint_and_the_way_on(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using Cli whole = new(), parts = new();
        string text = Samples.Flowers(600);
        string[] plan = ["--hidden", "16", "--epochs", "400", "--patience", "400"];
        byte[] expected = File.ReadAllBytes(whole.Train([whole.File("flowers.csv", text), .. plan]).Event("end").GetProperty("model").GetString()!);

        string table = parts.File("flowers.csv", text), checkpoint = parts.File("flowers-mlp-1.checkpoint");
        using var process = KilledRun.Start(["train", table, .. plan, "--out", parts.Folder]);
        var said = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            said.Add(line);
            if (line.TrimStart().StartsWith("1  ", StringComparison.Ordinal)) break;
        }
        using (var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        var outcome = KilledRun.End(process);
        Assert.Equal(ExitCode.Interrupted, outcome.Code);
        Assert.Contains(checkpoint, outcome.Output + outcome.Error);
        Assert.Contains($"--resume {checkpoint}", outcome.Output + outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error);
        Assert.False(File.Exists(parts.File("flowers-mlp-1.safetensors")));

        var resumed = parts.Train([table, .. plan, "--resume", checkpoint]);
        Assert.Equal(ExitCode.Ok, resumed.Code);
        Assert.Equal(expected, File.ReadAllBytes(parts.File("flowers-mlp-1.safetensors")));
    }
}
