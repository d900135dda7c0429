namespace Cajal.Cli.Tests;

/// <summary>SIGKILL at moments nobody chose, again and again in one run: the checkpoint is whole each time, and the end has the bits of a run left alone.</summary>
public class KillTests
{
    [Fact]
    public void Killed_at_random_moments_it_ends_with_the_same_bits()
    {
        using Cli whole = new(), parts = new();
        string[] plan = ["digits", "--model", "mlp", "--hidden", "48", "--epochs", "150"];
        byte[] expected = File.ReadAllBytes(whole.Train(plan).Event("end").GetProperty("model").GetString()!);
        string checkpoint = parts.File("digits-mlp-1.checkpoint"), model = parts.File("digits-mlp-1.safetensors");
        var random = new Random(1);
        for (int kill = 0; kill < 4; kill++)
        {
            string[] resume = File.Exists(checkpoint) ? ["--resume", checkpoint] : [];
            using var process = KilledRun.Start(["train", .. plan, .. resume, "--out", parts.Folder, "--json"]);
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"event\":\"epoch\"", StringComparison.Ordinal))
            {
            }
            // An epoch takes some milliseconds, and so does a checkpoint.
            Thread.Sleep(random.Next(60));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            Assert.True(File.Exists(checkpoint));
            Assert.NotEmpty(Safetensors.Load(checkpoint));
            string[] strange = [.. Directory.GetFiles(parts.Folder).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.' && !name.StartsWith("digits-mlp-1.", StringComparison.Ordinal))];
            Assert.Empty(strange);
        }
        Assert.False(File.Exists(model), "the run ended before it was killed");
        Assert.Equal(ExitCode.Ok, parts.Train([.. plan, "--resume", checkpoint]).Code);
        Assert.Equal(expected, File.ReadAllBytes(model));
    }

    // Where the temporary file is seen, the checkpoint is being written; that it is left over proves that the process died over it.
    [Fact]
    public void Killed_while_it_writes_a_checkpoint_the_one_before_is_whole()
    {
        using Cli whole = new(), parts = new();
        string[] plan = ["digits", "--model", "mlp", "--hidden", "4096", "--epochs", "6"];
        byte[] expected = File.ReadAllBytes(whole.Train(plan).Event("end").GetProperty("model").GetString()!);
        string checkpoint = parts.File("digits-mlp-1.checkpoint");
        for (int attempt = 0; attempt < 20 && Unfinished().Length == 0; attempt++)
        {
            foreach (string file in Directory.GetFiles(parts.Folder)) File.Delete(file);
            using var process = KilledRun.Start(["train", .. plan, "--out", parts.Folder, "--json"]);
            while (!process.HasExited && !(File.Exists(checkpoint) && Unfinished().Length > 0)) Thread.Yield();
            process.Kill();
            process.WaitForExit();
        }
        Assert.Single(Unfinished());
        Assert.Equal(ExitCode.Ok, parts.Train([.. plan, "--resume", checkpoint]).Code);
        Assert.Equal(expected, File.ReadAllBytes(parts.File("digits-mlp-1.safetensors")));

        string[] Unfinished() => Directory.GetFiles(parts.Folder, ".digits-mlp-1.checkpoint.*.tmp");
    }

    [Fact]
    public void Killed_between_its_last_epoch_and_its_model_a_run_can_be_ended()
    {
        using var cli = new Cli();
        string[] plan = ["iris", "--epochs", "5", "--patience", "2", "--lr", "0.5"];
        var end = cli.Train(plan).Event("end");
        string model = end.GetProperty("model").GetString()!, checkpoint = end.GetProperty("checkpoint").GetString()!;
        byte[] expected = File.ReadAllBytes(model);
        File.Delete(model);
        var outcome = cli.Train([.. plan, "--resume", checkpoint]);
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Equal(expected, File.ReadAllBytes(model));
        Assert.Equal(end.GetProperty("test_loss").GetDouble(), outcome.Event("end").GetProperty("test_loss").GetDouble());

        var fewer = cli.Train("iris", "--epochs", "1", "--patience", "2", "--lr", "0.5", "--resume", checkpoint);
        Assert.Equal(ExitCode.Usage, fewer.Code);
        Assert.Contains("epochs already, more than the 1 asked for; give --epochs", fewer.Event("error").GetProperty("message").GetString());
    }
}
