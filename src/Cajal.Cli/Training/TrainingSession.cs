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

    private readonly TrainingReport report = settings.Json ? new JsonReport(terminal) : new TextReport(terminal);

    internal int Run()
    {
        if (settings.Threads is { } count) Compute.Threads = count;
        _ = Loggers.Of(settings);
        bool isTable = TableProblem.IsTable(settings.Data);
        if (!isTable) RefuseTableOptions();
        var problem = isTable
            ? TableProblem.Create(settings.Data, settings.Target, settings.Ignore, settings.Categories, terminal)
            : LearningProblem.Find(settings.Data);
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
        var best = settings.Patience is null ? null : new BestWeights();
        var callbacks = new List<Callback>();
        if (plan.MaxNorm is { } longest) callbacks.Add(new WeightLimit(longest));
        if (settings.Patience is { } patience) callbacks.AddRange([new EarlyStopping(patience: patience), best!]);
        callbacks.AddRange(Loggers.Of(settings));
        var trainer = new Trainer(net, loss, Optimizers.Create(plan, net))
        {
            Callbacks = callbacks,
            Schedule = share => 0.5 * (1 + Math.Cos(Math.PI * share)),
            Regularizer = plan.Ridge > 0 ? Penalty.Ridge(plan.Ridge) : null,
        };
        var record = new RunRecord(plan, fingerprint);
        if (settings.Resume is { } checkpoint)
        {
            trainer.LoadCheckpoint(Files.Existing(checkpoint));
            record.Continue(checkpoint, trainer.CompletedEpochs, terminal);
            // A run that was cut off between its last epoch and its model has only the end left to do.
            if (trainer.CompletedEpochs > plan.Epochs)
                throw new UsageException($"{checkpoint} holds {trainer.CompletedEpochs} epochs already, more than the {plan.Epochs} asked for; give --epochs {trainer.CompletedEpochs} or more.");
        }

        using var interruption = new Interruption(report.Stopping);
        var saver = new CheckpointSaver(trainer, paths, record);
        trainer.EpochEnded += result =>
        {
            var row = EpochRow.Of(result);
            record.Epochs.Add(row);
            report.Epoch(row);
            saver.SaveIfDue();
        };
        var progress = new Relay(value =>
        {
            report.Report(value);
            saver.SaveIfDue();
        });
        var clock = Stopwatch.StartNew();
        var history = trainer.Fit(learn, plan.Epochs, plan.BatchSize, validation ?? data.Test, plan.Seed, plan.Augment, progress: progress, cancellation: interruption.Token);
        saver.Save();
        if (history.Interrupted)
        {
            report.Interrupted(trainer.CompletedEpochs, paths.Checkpoint, ResumeHint(paths));
            return ExitCode.Interrupted;
        }
        var run = new RunStart(plan, net, learn, validation, data.Test, Compute.Threads);
        try
        {
            return Finish(run, data, trainer.Evaluate(data.Test), record, paths, clock.Elapsed.TotalSeconds, fingerprint, best?.BestEpoch);
        }
        catch (IOException problem)
        {
            throw new IOException($"{problem.Message} The finished training is in {paths.Checkpoint}; once that is mended: {ResumeHint(paths)}", problem);
        }
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
        report.End(new(result, figures, paths, settings.Requirements, record.Epochs.Count)
        {
            BestEpoch = bestEpoch,
            EvalArguments = EvalArguments(fingerprint is not null),
        });
        return settings.Requirements.All(requirement => requirement.IsMet(figures)) ? ExitCode.Ok : ExitCode.Missed;
    }

    private string[] EvalArguments(bool isTable) => isTable ? [settings.Data] : settings.Folder is { } folder ? ["--data", folder] : [];

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
        if (wrong is not null && LearningProblem.All.Any(problem => problem.Name == settings.Data))
            throw new UsageException($"{wrong} is for CSV files, not for the data set {settings.Data}.");
    }

    private string ResumeHint(RunPaths paths) => CommandHint.Of([.. WithoutResume(), "--resume", CommandHint.File(paths.Checkpoint)]);

    /// <summary>The command line without an earlier <c>--resume</c>.</summary>
    private IEnumerable<string> WithoutResume()
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--resume") i++;
            else if (!arguments[i].StartsWith("--resume=", StringComparison.Ordinal)) yield return arguments[i];
        }
    }

    /// <summary>Progress on the thread that trains; <see cref="Progress{T}"/> would answer on another, later.</summary>
    private sealed class Relay(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
