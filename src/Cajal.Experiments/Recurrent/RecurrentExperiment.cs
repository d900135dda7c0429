using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>What one type of recurrent network can remember, beside another: sums over growing lengths, symbols through growing silences, images read row by row.</summary>
/// <param name="subject">The type that is shown.</param>
/// <param name="companion">The type it is compared with; one of the two is the plain network.</param>
public abstract class RecurrentExperiment(RecurrentType subject, RecurrentType companion) : Experiment
{
    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        AddingTask.Run(trial, subject, companion);
        CopyTask.Run(trial, subject, companion);
        RowsTask.Run(trial, subject);
    }

    /// <summary>What networks with gates must reach.</summary>
    private protected static IReadOnlyList<Goal> GatedGoals { get; } =
    [
        Goal.AtMost("adding_mse_50", 0.01, "mean squared error on the adding problem, T = 50; answering 1 gives 0.167", quick: 0.05, format: "0.0000"),
        Goal.AtMost("adding_mse_200", 0.01, "the same, T = 200", format: "0.0000"),
        Goal.AtLeast("contrast", 5, "how many times larger the plain network's error is at T = 200, with the same budget", format: "0.0"),
        Goal.AtLeast("copy_accuracy_100", 0.95, "symbols kept through a silence of 100 steps, practised up to 50; guessing gives 12.5 %", format: "0.0 %"),
        Goal.AtLeast("rows_accuracy", 0.985, "accuracy on test digits read row by row", quick: 0.8, format: "0.00 %"),
    ];
}
