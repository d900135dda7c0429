using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>A plain recurrent network: it learns short dependencies, and fails at long ones where an LSTM with the same budget does not.</summary>
public sealed class RnnExperiment() : RecurrentExperiment(RecurrentType.Rnn, RecurrentType.Lstm)
{
    /// <inheritdoc/>
    public override string Name => "rnn";

    /// <inheritdoc/>
    public override string Summary => "a plain recurrent network on short and long dependencies, beside an LSTM";

    /// <inheritdoc/>
    public override string Source => "Elman 1990; Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("adding_mse_10", 0.01, "mean squared error on the adding problem, T = 10; answering 1 gives 0.167", quick: 0.1, format: "0.0000"),
        Goal.AtLeast("contrast", 5, "how many times larger its error is than an LSTM's at T = 200, with the same budget", format: "0.0"),
        Goal.AtLeast("rows_accuracy", 0.95, "accuracy on test digits read row by row", quick: 0.6, format: "0.00 %"),
    ];
}
