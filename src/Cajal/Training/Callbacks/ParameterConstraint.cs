namespace Cajal;

/// <summary>
/// Changes parameters after every step of the optimiser: projections such as a largest norm, and proximal steps such as soft thresholding, which gives exact zeros.
/// </summary>
/// <param name="parameters">Which parameters; by default those of rank 2 and more, so that biases go free.</param>
public abstract class ParameterConstraint(IEnumerable<Parameter>? parameters = null) : Callback
{
    private (Parameter Parameter, ParameterGroup Group)[] targets = [];

    /// <inheritdoc/>
    public sealed override void BeforeFit(TrainingContext context)
    {
        var chosen = parameters?.ToHashSet(ReferenceEqualityComparer.Instance);
        targets = [.. context.Optimizer.Groups.SelectMany(group => group.Parameters.Where(Wanted).Select(parameter => (parameter, group)))];

        bool Wanted(Parameter parameter) => chosen?.Contains(parameter) ?? parameter.Rank > 1;
    }

    /// <inheritdoc/>
    public sealed override void AfterStep(TrainingContext context)
    {
        using var scope = new NoGrad();
        foreach (var (parameter, group) in targets) Apply(parameter, group.LearningRate);
    }

    /// <summary>Changes one parameter in place.</summary>
    /// <param name="parameter">What the optimiser has just moved.</param>
    /// <param name="learningRate">The learning rate of that step, by which proximal steps scale their penalty.</param>
    protected abstract void Apply(Parameter parameter, double learningRate);
}
