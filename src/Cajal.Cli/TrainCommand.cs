using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Cajal.Cli;

/// <summary><c>cajal train DATASET|FILE.csv</c>.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var data = new Argument<string>("data") { Description = "A data set (see: cajal list) or a CSV file" };
        var model = new Option<string?>("--model") { Description = $"The network: {string.Join(", ", LearningProblem.Models)}" };
        var target = new Option<string?>("--target") { Description = "The column of a CSV file to predict; the last by default" };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the training data" };
        var batch = new Option<int?>("--batch-size") { Description = "Samples per step" };
        var rate = new Option<double?>("--lr") { Description = "The learning rate it starts with" };
        var ridge = new Option<double>("--ridge") { Description = "Adds this times the sum of squared weights to the loss" };
        var seed = new Option<int>("--seed") { Description = "Same seed, same bits", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "Processor threads; results do not depend on it" };
        var directory = new Option<string?>("--data") { Description = "Where the files of mnist and fashion-mnist are" };
        var output = new Option<string>("--out") { Description = "Folder for the model and its checkpoint", DefaultValueFactory = _ => "runs" };
        var resume = new Option<string?>("--resume") { Description = "Go on from a checkpoint" };
        var json = new Option<bool>("--json") { Description = "One JSON object per line on standard output" };
        var dry = new Option<bool>("--dry-run") { Description = "Show what would be trained, and stop" };
        var command = new Command("train", "Train a network and measure it on held-out data")
        {
            data, model, target, epochs, batch, rate, ridge, seed, threads, directory, output, resume, json, dry,
        };
        command.SetAction(parsed => Run(new Settings(parsed.GetValue(data)!, parsed.GetValue(model), parsed.GetValue(target), parsed.GetValue(epochs), parsed.GetValue(batch),
            parsed.GetValue(rate), parsed.GetValue(ridge), parsed.GetValue(seed), parsed.GetValue(threads), parsed.GetValue(directory), parsed.GetValue(output)!,
            parsed.GetValue(resume), parsed.GetValue(json), parsed.GetValue(dry))));
        return command;
    }

    private sealed record Settings(string Data, string? Model, string? Target, int? Epochs, int? Batch, double? Rate, double Ridge, int Seed, int? Threads, string? Directory, string Out, string? Resume, bool Json, bool Dry);

    private static int Run(Settings settings)
    {
        if (settings.Threads is { } count) Compute.Threads = count;
        Generator.SetSeed((ulong)settings.Seed);
        var problem = Problem(settings);
        if (settings.Epochs is < 1 || settings.Batch is < 1) throw new UsageException("--epochs and --batch-size must be at least 1.");
        var (train, test) = problem.Load(settings.Directory, settings.Seed);
        string modelName = settings.Model ?? problem.Model;
        var net = LearningProblem.Build(modelName, train);
        int epochs = settings.Epochs ?? problem.Epochs, batch = settings.Batch ?? problem.BatchSize;
        var report = new TrainingReport(settings.Json, $"{problem.Name} · {modelName} · seed {settings.Seed} · {Compute.Threads} threads · {net.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)} parameters", train, test);
        report.Start(problem.Name, modelName, settings.Seed, epochs, net);
        if (settings.Dry) return ExitCode.Ok;

        Loss loss = train.Task == LearningTask.Classification ? new CrossEntropyLoss() : new MseLoss();
        var trainer = new Trainer(net, loss, new Adam(net, settings.Rate ?? problem.LearningRate))
        {
            Schedule = share => 0.5 * (1 + Math.Cos(Math.PI * share)),
            Regularizer = settings.Ridge > 0 ? Penalty.Ridge(settings.Ridge) : null,
        };
        Directory.CreateDirectory(settings.Out);
        string stem = Path.GetFullPath(Path.Combine(settings.Out, $"{problem.Name}-{modelName}-{settings.Seed}"));
        if (settings.Resume is { } checkpoint) trainer.LoadCheckpoint(checkpoint);
        trainer.EpochEnded += report.Epoch;
        trainer.EpochEnded += _ => trainer.SaveCheckpoint(stem + ".checkpoint");

        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));
        var history = trainer.Fit(train, epochs, batch, seed: settings.Seed, progress: report, cancellation: cancellation.Token);
        if (history.Interrupted)
        {
            report.Interrupted(trainer.CompletedEpochs, trainer.CompletedEpochs == 0 ? null : $"cajal train {settings.Data} --model {modelName} --epochs {epochs} --seed {settings.Seed} --resume {stem}.checkpoint");
            return ExitCode.Interrupted;
        }
        net.Eval();
        net.Save(stem + ".safetensors");
        report.End(trainer.Evaluate(test), stem + ".safetensors", $"cajal eval {stem}.safetensors {settings.Data} --seed {settings.Seed}");
        return ExitCode.Ok;

        // A second signal is left to the system, which ends the process.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    private static LearningProblem Problem(Settings settings)
    {
        bool isFile = settings.Data.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || settings.Data.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
        if (!isFile) return LearningProblem.Find(settings.Data);
        return new(Path.GetFileNameWithoutExtension(settings.Data), "a table", "mlp", 60, 32, 3e-3, (_, seed) =>
        {
            var (train, test, _) = CsvTable.Read(settings.Data).Split(settings.Target, 0.8, seed);
            return (train, test);
        });
    }
}
