namespace Cajal.Models;

/// <summary>What learners of policies share: the network, what its outputs mean, how it acts when nothing is tried out.</summary>
public abstract class PolicyLearner : Learner
{
    private readonly ActorCritic network;
    private readonly int[] observationShape;
    private readonly int observationSize;

    /// <summary>Sets up what is shared.</summary>
    private protected PolicyLearner(ActorCritic network, TaskEnvironment environment)
    {
        this.network = network;
        (observationShape, observationSize) = ([.. environment.ObservationShape], environment.ObservationSize);
        Distribution = ActionDistribution.For(network, environment.Actions);
        (ActorParameters, CriticParameters) = ([.. network.Actor.Parameters()], [.. network.Critic.Parameters()]);
        if (network.LogStd is { } logStd) ActorParameters = [.. ActorParameters, logStd];
    }

    /// <inheritdoc/>
    public override Module Network => network;

    /// <summary>What the network's outputs mean.</summary>
    public ActionDistribution Distribution { get; }

    private protected ActorCritic Policy => network;

    private protected Parameter[] ActorParameters { get; }

    private protected Parameter[] CriticParameters { get; }

    /// <inheritdoc/>
    public override void Act(ReadOnlySpan<float> observations, Span<float> actions)
    {
        using var scope = new NoGrad();
        Distribution.Likeliest(Policy.Actor.Call(Rows(observations)).ToArray<float>(), actions);
    }

    /// <summary>Rows of observations as the network takes them.</summary>
    private protected Tensor Rows(ReadOnlySpan<float> observations) => Tensor.From(observations, [observations.Length / observationSize, .. observationShape]);
}
