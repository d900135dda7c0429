using System.Text.Json;

namespace Cajal.Cli.Tests;

public class TrainingTests
{
    [Fact]
    public void Json_has_a_start_every_epoch_and_an_end()
    {
        using var cli = new Cli();
        var outcome = cli.Train("iris", "--epochs", "3", "--seed", "7");
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Empty(outcome.Error);
        Assert.Equal(["start", "epoch", "epoch", "epoch", "end"], outcome.Json.Select(line => line.GetProperty("event").GetString()));
        var start = outcome.Event("start");
        Assert.Equal(("iris", "linear", 7, 3, 15), (start.GetProperty("data").GetString(), start.GetProperty("model").GetString(), start.GetProperty("seed").GetInt32(),
            start.GetProperty("epochs").GetInt32(), start.GetProperty("parameters").GetInt32()));
        Assert.Equal((120, 30), (start.GetProperty("train_samples").GetInt32(), start.GetProperty("test_samples").GetInt32()));
        Assert.Equal([1, 2, 3], outcome.Json[1..4].Select(line => line.GetProperty("epoch").GetInt32()));
        Assert.All(outcome.Json[1..4], line => Assert.InRange(line.GetProperty("held_out_accuracy").GetDouble(), 0, 1));
        var end = outcome.Event("end");
        Assert.Equal(outcome.Json[3].GetProperty("held_out_accuracy").GetDouble(), end.GetProperty("test_accuracy").GetDouble());
        Assert.Equal(1, end.GetProperty("test_accuracy").GetDouble() + end.GetProperty("test_error").GetDouble(), 1e-12);
        foreach (string file in new[] { "model", "checkpoint", "record", "png", "svg" })
        {
            string path = end.GetProperty(file).GetString()!;
            Assert.True(Path.IsPathFullyQualified(path) && File.Exists(path), $"{file}: {path}");
        }
    }

    [Fact]
    public void The_curve_is_a_picture_and_a_drawing()
    {
        using var cli = new Cli();
        var end = cli.Train("iris", "--epochs", "3").Event("end");
        Assert.Equal([0x89, .. "PNG"u8], File.ReadAllBytes(end.GetProperty("png").GetString()!)[..4]);
        Assert.StartsWith("<?xml", File.ReadAllText(end.GetProperty("svg").GetString()!));
    }

    [Fact]
    public void A_missed_figure_exits_with_5_after_saving()
    {
        using var cli = new Cli();
        var outcome = cli.Train("iris", "--epochs", "1", "--require", "test_accuracy=1.01", "--require", "seconds=1000");
        Assert.Equal(ExitCode.Missed, outcome.Code);
        var end = outcome.Event("end");
        Assert.True(File.Exists(end.GetProperty("model").GetString()));
        Assert.Equal([false, true], end.GetProperty("requirements").EnumerateArray().Select(one => one.GetProperty("met").GetBoolean()));
        Assert.Equal(ExitCode.Missed, Cli.Run("eval", end.GetProperty("model").GetString()!, "--require", "test_loss=0").Code);
        Assert.Equal(ExitCode.Ok, Cli.Run("eval", end.GetProperty("model").GetString()!, "--require", "test_loss=100").Code);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using Cli one = new(), two = new();
        string first = one.Train("digits", "--epochs", "1", "--threads", "1").Event("end").GetProperty("model").GetString()!;
        string second = two.Train("digits", "--epochs", "1", "--threads", "2").Event("end").GetProperty("model").GetString()!;
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Fact]
    public void Patience_watches_a_part_of_the_training_data_and_keeps_the_best_weights()
    {
        using var cli = new Cli();
        var outcome = cli.Train("breast-cancer", "--lr", "0.05", "--epochs", "200", "--patience", "3");
        Assert.Equal(364, outcome.Event("start").GetProperty("train_samples").GetInt32());
        var epochs = outcome.Json.Where(line => line.GetProperty("event").GetString() == "epoch").ToArray();
        double[] losses = [.. epochs.Select(line => line.GetProperty("validation_loss").GetDouble())];
        int best = outcome.Event("end").GetProperty("best_epoch").GetInt32();
        Assert.Equal(losses.Min(), losses[best - 1]);
        Assert.Equal(best + 3, epochs.Length);

        // The figures are those of the weights that were saved.
        var again = Cli.Run("eval", outcome.Event("end").GetProperty("model").GetString()!, "--json").Event("end");
        Assert.Equal(outcome.Event("end").GetProperty("test_loss").GetDouble(), again.GetProperty("test_loss").GetDouble());
    }

    [Fact]
    public void A_run_that_was_killed_resumes_to_the_same_bits()
    {
        using Cli whole = new(), parts = new();
        string[] plan = ["digits", "--model", "mlp", "--hidden", "16", "--epochs", "100"];
        var expected = whole.Train(plan).Event("end");
        KilledRun.AfterEpochs(12, parts.Folder, plan);
        var outcome = parts.Train([.. plan, "--resume", Path.Combine(parts.Folder, "digits-mlp-1.checkpoint")]);
        Assert.True(outcome.Json.Count(line => line.GetProperty("event").GetString() == "epoch") < 100, "it did not resume");
        Assert.Equal(File.ReadAllBytes(expected.GetProperty("model").GetString()!), File.ReadAllBytes(outcome.Event("end").GetProperty("model").GetString()!));
        using var record = JsonDocument.Parse(File.ReadAllBytes(outcome.Event("end").GetProperty("record").GetString()!));
        Assert.Equal(Enumerable.Range(1, 100), record.RootElement.GetProperty("epochs").EnumerateArray().Select(row => row.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public void Max_norm_bounds_the_weights_into_each_unit()
    {
        using var cli = new Cli();
        var end = cli.Train("iris", "--hidden", "8", "--epochs", "20", "--max-norm", "0.5").Event("end");
        var weights = Safetensors.Load(end.GetProperty("model").GetString()!).Where(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, weights.Count);
        Assert.All(weights, pair => Assert.InRange(pair.Value.Square().Sum(1).Sqrt().Max().Item(), 0, 0.5 + 1e-6));
        Assert.Contains(weights, pair => pair.Value.Square().Sum(1).Sqrt().Max().Item() > 0.49);
    }

    [Fact]
    public void Another_seed_may_not_resume()
    {
        using var cli = new Cli();
        string checkpoint = cli.Train("iris", "--epochs", "1").Event("end").GetProperty("checkpoint").GetString()!;
        var outcome = cli.Train("iris", "--epochs", "2", "--seed", "2", "--resume", checkpoint);
        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Equal($"{checkpoint} was made with seed 1, but now seed is 2: give the same options, or start anew without --resume.", outcome.Event("error").GetProperty("message").GetString());
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        using var cli = new Cli();
        var outcome = Cli.Run("train", "digits", "--dry-run", "--out", cli.File("new"));
        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("Conv2d(inChannels: 1, outChannels: 32", outcome.Output);
        Assert.Contains("nothing was trained", outcome.Error);
        Assert.False(Directory.Exists(cli.File("new")));
    }
}
