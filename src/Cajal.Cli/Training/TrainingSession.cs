using System.Diagnostics;

namespace Cajal.Cli;

/// <summary>One run of <c>cajal train</c>: data, network, training with checkpoints, figures, files.</summary>
/// <param name="settings">What the user asked for.</param>
/// <param name="arguments">The command line as typed, to be given back for going on.</param>
/// <param name="terminal">Where to write.</param>
internal sealed class TrainingSession(TrainSettings settings, string[] arguments, Terminal terminal)
{
    /// <summary>Share of the training data that early stopping learns from.</summary>
    private const double LearnShare = 0.8;

    /// <summary>Checkpoints may take a tenth of the time.</summary>
    private const double SavingShare = 0.1;

    private readonly TrainingReport report = settings.Json ? new JsonReport(terminal) : new TextReport(terminal);

    internal int Run()
    {
        if (settings.Threads is { } count) Compute.Threads = count;
        bool isTable = TableProblem.IsTable(settings.Data);
        if (!isTable) RefuseTableOptions();
        var problem = isTable ? TableProblem.Create(settings.Data, settings.Target, settings.Ignore, settings.Categories, terminal) : LearningProblem.Find(settings.Data);
        var plan = RunPlan.Of(settings, problem);
        var data = problem.Load(settings.Folder, plan.Seed);
        Requirement.Check(settings.Requirements, Metrics.Known(data.Test.Task, trained: true));
        var (learn, validation) = Divide(data.Train, plan);

        Generator.SetSeed((ulong)plan.Seed);
        var net = NetworkFactory.Build(plan.Model, learn, plan.Hidden, plan.Dropout, scaled: isTable);
        report.Start(new(plan, net, learn, validation, data.Test, Compute.Threads), settings.DryRun);
        if (settings.DryRun) return ExitCode.Ok;

        string? fingerprint = isTable ? TableProblem.Fingerprint(settings.Data) : null;
        return Train(plan, data, net, learn, validation, fingerprint);
    }

    private int Train(RunPlan plan, LearningData data, Module net, Dataset learn, Dataset? validation, string? fingerprint)
    {
        var paths = RunPaths.Of(plan, settings.Out);
        Loss loss = data.Test.Task == LearningTask.Classification ? new CrossEntropyLoss() : new MseLoss();
        var trainer = new Trainer(net, loss, Optimizers.Create(plan, net))
        {
            Schedule = share => 0.5 * (1 + Math.Cos(Math.PI * share)),
            Regularizer = plan.Ridge > 0 ? Penalty.Ridge(plan.Ridge) : null,
        };
        var record = new RunRecord(plan, fingerprint);
        var patience = settings.Patience is { } epochs ? new Patience(epochs, paths.Best) : null;
        if (settings.Resume is { } checkpoint)
        {
            trainer.LoadCheckpoint(Files.Existing(checkpoint));
            record.Continue(checkpoint, trainer.CompletedEpochs, terminal);
            patience?.Recall(record.Epochs);
            if (trainer.CompletedEpochs >= plan.Epochs) throw new UsageException($"{checkpoint} holds {trainer.CompletedEpochs} epochs already; ask for more with --epochs.");
        }

        using var interruption = new Interruption(report.Stopping);
        bool enough = false;
        int saved = 0;
        long lastSaved = 0;
        var saving = TimeSpan.Zero;
        trainer.EpochEnded += result =>
        {
            var row = EpochRow.Of(result);
            record.Epochs.Add(row);
            report.Epoch(row);
            enough = patience?.Ends(row, net) ?? false;
            if (enough) interruption.Stop();
            // Where epochs are shorter than saving them, not every one waits for the disk.
            if (saved > 0 && row.Epoch < plan.Epochs && !interruption.IsAsked && Stopwatch.GetElapsedTime(lastSaved) < saving * (1 / SavingShare)) return;
            long start = Stopwatch.GetTimestamp();
            trainer.SaveCheckpoint(paths.Checkpoint);
            record.Save(paths.Record);
            (saved, lastSaved, saving) = (row.Epoch, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));
        };
        var clock = Stopwatch.StartNew();
        trainer.Fit(learn, plan.Epochs, plan.BatchSize, validation ?? data.Test, plan.Seed, progress: report, cancellation: interruption.Token);
        if (interruption.IsAsked && !enough && trainer.CompletedEpochs < plan.Epochs)
        {
            // A resumed run that did not finish an epoch of its own goes on from where it came.
            string? checkpointNow = saved > 0 ? paths.Checkpoint : settings.Resume;
            report.Interrupted(saved > 0 ? saved : trainer.CompletedEpochs, checkpointNow, checkpointNow is null ? null : CommandHint.Of([.. WithoutResume(), "--resume", CommandHint.File(checkpointNow)]));
            return ExitCode.Interrupted;
        }
        patience?.Restore(net);
        return Finish(new(plan, net, learn, validation, data.Test, Compute.Threads), data, trainer.Evaluate(data.Test), record, paths, clock.Elapsed.TotalSeconds, fingerprint, patience?.BestEpoch);
    }

    private int Finish(RunStart run, LearningData data, Evaluation result, RunRecord record, RunPaths paths, double seconds, string? fingerprint, int? bestEpoch)
    {
        var plan = run.Plan;
        var figures = Metrics.Of(result);
        figures["train_loss"] = record.Epochs.Count > 0 ? record.Epochs[(bestEpoch ?? record.Epochs.Count) - 1].Loss : double.NaN;
        var note = new TrainingNote(plan.Data, plan.Model, plan.Seed, [.. data.Train.InputShape], data.Train.Classes?.ToArray())
        {
            File = fingerprint is null ? null : Path.GetFileName(settings.Data),
            Fingerprint = fingerprint,
            Border = data.Train.InputShape.Count == 3 ? ImageInput.Border(data.Train) : null,
            Metrics = new Dictionary<string, double>(figures),
        };
        SavedModel.Save(paths.Model, run.Net, note, data.Table);
        figures["seconds"] = seconds;
        record.Save(paths.Record, figures);
        LearningCurve.Save(paths, record.Epochs, $"{plan.Data} · {plan.Model} · seed {plan.Seed}", run.Watched, run.Task);
        report.End(new(result, figures, paths, settings.Requirements, record.Epochs.Count, settings.Data) { BestEpoch = bestEpoch });
        return settings.Requirements.All(requirement => requirement.IsMet(figures)) ? ExitCode.Ok : ExitCode.Missed;
    }

    private static (Dataset Learn, Dataset? Validation) Divide(Dataset train, RunPlan plan)
    {
        if (plan.ValidationShare == 0) return (train, null);
        // A seed of its own: the same one would cut along the same permutation as the test split did.
        var (learn, validation) = train.Split(LearnShare, plan.Seed + 1_000_003);
        return (learn, validation);
    }

    private void RefuseTableOptions()
    {
        string? wrong = settings.Target is not null ? "--target" : settings.Ignore.Length > 0 ? "--ignore" : settings.Categories.Length > 0 ? "--categories" : null;
        if (wrong is not null && LearningProblem.All.Any(problem => problem.Name == settings.Data)) throw new UsageException($"{wrong} is for CSV files, not for the data set {settings.Data}.");
    }

    /// <summary>The command line without an earlier <c>--resume</c>.</summary>
    private IEnumerable<string> WithoutResume()
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--resume") i++;
            else if (!arguments[i].StartsWith("--resume=", StringComparison.Ordinal)) yield return arguments[i];
        }
    }
}
