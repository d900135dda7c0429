namespace Cajal.Models;

/// <summary>What a policy's outputs mean: how likely each action is.</summary>
public abstract class ActionDistribution
{
    /// <summary>Numbers that the network gives for an observation.</summary>
    public abstract int OutputSize { get; }

    /// <summary>Numbers in an action.</summary>
    public abstract int ActionSize { get; }

    /// <summary>The distribution that belongs to a network and an environment: <see cref="CategoricalActions"/> or <see cref="GaussianActions"/>.</summary>
    /// <exception cref="ArgumentException">The network is for the other kind of actions.</exception>
    public static ActionDistribution For(ActorCritic network, ActionSpace actions)
    {
        if (actions.IsDiscrete != network.LogStd is null)
        {
            var (kind, numbers) = actions.IsDiscrete ? ("discrete", 0) : ("real numbers", actions.Count);
            throw new ArgumentException($"ActionDistribution: the actions are {kind}, the network's are not; build it with gaussianActions: {numbers}.", nameof(network));
        }
        return network.LogStd is { } logStd ? new GaussianActions(logStd) : new CategoricalActions(actions.Count);
    }

    /// <summary>Draws actions.</summary>
    /// <param name="outputs">[N, output size].</param>
    /// <param name="random">Where from.</param>
    /// <param name="actions">Receives [N, action size].</param>
    /// <param name="logProbabilities">Receives the logarithm of each one's probability or density, [N].</param>
    public abstract void Sample(ReadOnlySpan<float> outputs, Generator random, Span<float> actions, Span<float> logProbabilities);

    /// <summary>The likeliest actions.</summary>
    /// <param name="outputs">[N, output size].</param>
    /// <param name="actions">Receives [N, action size].</param>
    public abstract void Likeliest(ReadOnlySpan<float> outputs, Span<float> actions);

    /// <summary>ln π(a|s): outputs [N, output size], actions [N, action size] → [N].</summary>
    public abstract Tensor LogProbability(Tensor outputs, Tensor actions);

    /// <summary>-E ln π(a|s): outputs [N, output size] → [N].</summary>
    public abstract Tensor Entropy(Tensor outputs);
}
