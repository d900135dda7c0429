using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Long short-term memory: what a plain recurrent network forgets is kept over hundreds of steps.</summary>
public sealed class LstmExperiment() : RecurrentExperiment(RecurrentType.Lstm, RecurrentType.Rnn)
{
    /// <inheritdoc/>
    public override string Name => "lstm";

    /// <inheritdoc/>
    public override string Summary => "long short-term memory on short and long dependencies, beside a plain recurrent network";

    /// <inheritdoc/>
    public override string Source => "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals => GatedGoals;
}
