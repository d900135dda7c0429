using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Gated recurrent units: what a plain recurrent network forgets is kept over hundreds of steps.</summary>
public sealed class GruExperiment() : RecurrentExperiment(RecurrentType.Gru, RecurrentType.Rnn)
{
    /// <inheritdoc/>
    public override string Name => "gru";

    /// <inheritdoc/>
    public override string Summary => "gated recurrent units on short and long dependencies, beside a plain recurrent network";

    /// <inheritdoc/>
    public override string Source => "Cho et al. 2014; Chung et al. 2014";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals => GatedGoals;
}
