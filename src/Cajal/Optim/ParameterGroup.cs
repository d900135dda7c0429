namespace Cajal;

/// <summary>Parameters that share settings. Null settings mean "as the optimiser was told".</summary>
public sealed class ParameterGroup
{
    /// <summary>Groups <paramref name="parameters"/>; each should be in one group only.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">A learning rate of their own, or null.</param>
    /// <param name="weightDecay">A weight decay of their own, or null.</param>
    public ParameterGroup(IEnumerable<Parameter> parameters, double? learningRate = null, double? weightDecay = null)
    {
        Parameters = [.. parameters];
        OwnLearningRate = learningRate;
        OwnWeightDecay = weightDecay;
    }

    /// <summary>The members, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The present learning rate; schedules change it.</summary>
    public double LearningRate { get; set; }

    /// <summary>The learning rate the group started with: what schedules scale.</summary>
    public double InitialLearningRate { get; internal set; }

    /// <summary>The present weight decay.</summary>
    public double WeightDecay { get; set; }

    internal double? OwnLearningRate { get; }

    internal double? OwnWeightDecay { get; }
}
