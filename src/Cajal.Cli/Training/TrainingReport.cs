namespace Cajal.Cli;

/// <summary>What is known when training starts.</summary>
internal sealed record RunStart(RunPlan Plan, Module Net, Dataset Learn, Dataset? Validation, Dataset Test, int Threads)
{
    internal LearningTask Task => Test.Task;

    /// <summary>What the part is called that is measured after every epoch.</summary>
    internal string Watched => Validation is null ? "held-out" : "validation";
}

/// <summary>What is known at the end.</summary>
internal sealed record RunEnd(Evaluation Result, IReadOnlyDictionary<string, double> Figures, RunPaths Paths, IReadOnlyList<Requirement> Requirements, int Epochs)
{
    /// <summary>What <c>eval</c> must be told besides the model.</summary>
    internal string[] EvalArguments { get; init; } = [];

    /// <summary>The epoch whose weights were kept, with early stopping.</summary>
    internal int? BestEpoch { get; init; }
}

/// <summary>Shows a run while it goes on and when it ends.</summary>
internal abstract class TrainingReport : IProgress<TrainingProgress>
{
    internal abstract void Start(RunStart run, bool dry);

    public abstract void Report(TrainingProgress value);

    internal abstract void Epoch(EpochRow row);

    /// <summary>Ctrl-C was pressed.</summary>
    internal abstract void Stopping();

    internal abstract void Interrupted(int completed, string checkpoint, string resume);

    internal abstract void End(RunEnd end);
}
