namespace Cajal.Cli;

/// <summary>What the user asked for; null where nothing was said, so that the defaults of the data set hold.</summary>
internal sealed record TrainSettings
{
    internal required string Data { get; init; }

    internal string? Target { get; init; }

    internal string[] Ignore { get; init; } = [];

    internal string[] Categories { get; init; } = [];

    internal string? Folder { get; init; }

    internal string? Model { get; init; }

    internal int[]? Hidden { get; init; }

    internal double? Dropout { get; init; }

    internal int? Epochs { get; init; }

    internal int? BatchSize { get; init; }

    internal double? LearningRate { get; init; }

    internal string Optimizer { get; init; } = "adam";

    internal double? WeightDecay { get; init; }

    internal double? Ridge { get; init; }

    internal double? MaxNorm { get; init; }

    internal int? Patience { get; init; }

    internal int Seed { get; init; } = 1;

    internal int? Threads { get; init; }

    internal string Out { get; init; } = "runs";

    internal string? Resume { get; init; }

    /// <summary>A folder for TensorBoard's event files.</summary>
    internal string? TensorBoard { get; init; }

    /// <summary>A .csv or .ndjson file of every epoch's figures.</summary>
    internal string? History { get; init; }

    /// <summary>A file for a profile of some steps.</summary>
    internal string? Trace { get; init; }

    internal IReadOnlyList<Requirement> Requirements { get; init; } = [];

    internal bool Json { get; init; }

    internal bool DryRun { get; init; }
}

/// <summary>The settings of a run after the defaults have been filled in.</summary>
internal sealed record RunPlan(
    string Data, string Model, int[] Hidden, double Dropout, int Epochs, int BatchSize, double LearningRate, string Optimizer, double WeightDecay, double Ridge, int Seed)
{
    /// <summary>The longest weight vector of a unit; null for none.</summary>
    internal double? MaxNorm { get; init; }

    /// <summary>Share of the training data kept for deciding when to stop; 0 without early stopping.</summary>
    internal double ValidationShare { get; init; }

    /// <summary>How training images are changed at random; null for not at all.</summary>
    internal Transform? Augment { get; init; }

    internal static RunPlan Of(TrainSettings settings, LearningProblem problem)
    {
        var defaults = problem.Defaults;
        string model = settings.Model ?? (settings.Hidden is null ? defaults.Model : "mlp");
        if (model != "mlp" && settings.Hidden is not null) throw new UsageException($"--hidden is for --model mlp, not {model}.");
        if (model != "mlp" && settings.Dropout is not null) throw new UsageException($"--dropout is for --model mlp, not {model}.");
        bool ridgeFits = model == defaults.Model && settings.Hidden is null; // the default penalty was chosen for the default network
        return new(problem.Name, model, settings.Hidden ?? defaults.Hidden, settings.Dropout ?? defaults.Dropout, settings.Epochs ?? defaults.Epochs,
            settings.BatchSize ?? defaults.BatchSize, settings.LearningRate ?? defaults.LearningRate, settings.Optimizer, settings.WeightDecay ?? 0,
            settings.Ridge ?? (ridgeFits ? defaults.Ridge : 0), settings.Seed)
        {
            MaxNorm = settings.MaxNorm,
            ValidationShare = settings.Patience is null ? 0 : 0.2,
            Augment = model == "cnn" ? defaults.Augment : null,
        };
    }
}
