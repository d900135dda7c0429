namespace Cajal.Models;

/// <summary>
/// A policy and an estimate of what it will earn, as two networks side by side: observation [N, ...] → logits [N, actions], or the means [N, actions] of Gaussian
/// actions, whose spreads are learnt beside the networks and do not depend on what is seen.
/// </summary>
/// <param name="actor">Observation [N, ...] → logits or means [N, actions].</param>
/// <param name="critic">Observation [N, ...] → value [N, 1].</param>
/// <param name="gaussianActions">Numbers in a Gaussian action; 0 for logits.</param>
/// <param name="initialLogStd">What the logarithms of the spreads begin at.</param>
public sealed partial class ActorCritic(Module actor, Module critic, int gaussianActions = 0, double initialLogStd = 0) : Module
{
    private readonly Parameter? logStd = gaussianActions > 0 ? new(Tensor.Full([gaussianActions], initialLogStd)) : null;

    /// <summary>Two networks of two hidden layers with tanh, for an environment whose observations are features.</summary>
    /// <param name="environment">Says the sizes, and whether actions are discrete.</param>
    /// <param name="width">Width of the hidden layers.</param>
    public static ActorCritic For(TaskEnvironment environment, int width = 64)
    {
        const double Indifferent = 0.01;
        int inputs = environment.ObservationSize, outputs = environment.Actions.Count;
        return new(AgentNetworks.TanhMlp(inputs, outputs, width, Indifferent), AgentNetworks.TanhMlp(inputs, 1, width), environment.Actions.IsDiscrete ? 0 : outputs);
    }

    /// <summary>The policy's network.</summary>
    public Module Actor => actor;

    /// <summary>The network that estimates values.</summary>
    public Module Critic => critic;

    /// <summary>The logarithms of the spreads of Gaussian actions [actions], or null.</summary>
    public Parameter? LogStd => logStd;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Report(x, actor.Call(x));

    /// <summary>Observation [N, ...] → what the policy will earn from there on [N].</summary>
    public Tensor Value(Tensor x) => critic.Call(x).Squeeze(1);
}
