using System.Numerics.Tensors;

namespace Cajal.Models;

/// <summary>Settings of <see cref="Dqn"/>.</summary>
public sealed record DqnSettings
{
    /// <summary>γ.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Adam's.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Experiences per update.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Experiences kept.</summary>
    public int Capacity { get; init; } = 50_000;

    /// <summary>Steps before the first update.</summary>
    public int WarmUp { get; init; } = 1_000;

    /// <summary>Environments that are stepped together.</summary>
    public int Environments { get; init; } = 8;

    /// <summary>Updates after a step of all environments.</summary>
    public int UpdatesPerRound { get; init; } = 4;

    /// <summary>Updates after which the target network takes over the weights.</summary>
    public int UpdatesPerTarget { get; init; } = 250;

    /// <summary>The share of random actions at the end of <see cref="ExplorationSteps"/>; it falls linearly from 1.</summary>
    public double Exploration { get; init; } = 0.05;

    /// <summary>Steps until then.</summary>
    public int ExplorationSteps { get; init; } = 10_000;

    /// <summary>Steps over which the learning rate falls linearly to a tenth; 0: it stays.</summary>
    public int DecaySteps { get; init; }

    /// <summary>The online network names the best next action, the target network values it (van Hasselt, Guez and Silver 2016), in place of the target network doing both.</summary>
    public bool IsDouble { get; init; } = true;

    /// <summary>Whether experiences with large errors are drawn more often: see <see cref="PrioritizedReplayBuffer"/>.</summary>
    public bool IsPrioritized { get; init; }

    /// <summary>The joint norm that gradients are scaled down to.</summary>
    public double GradientLimit { get; init; } = 10;
}

/// <summary>
/// Deep Q-learning (Mnih et al. 2015): a network estimates what each action will earn, Q(s, a) ← r + γ maxₐ' Q⁻(s', a'), from experiences drawn from a <see
/// cref="ReplayBuffer"/>, with the slowly following target network Q⁻ and Huber's loss. In training, actions are random with a probability that falls (ε-greedy).
/// </summary>
public sealed class Dqn : Learner
{
    private readonly DqnSettings settings;
    private readonly VectorEnvironment environments;
    private readonly Module online, target;
    private readonly Parameter[] parameters, targetParameters;
    private readonly Adam optimizer;
    private readonly ReplayBuffer replay;
    private readonly ReplayBatch batch;
    private readonly Generator random;
    private readonly int[] observationShape;
    private readonly int actionCount;
    private readonly float[] seen, actions, targets, errors;
    private readonly HuberLoss loss = new(reduction: Reduction.None);
    private long updates;

    /// <summary>Sets up learning.</summary>
    /// <param name="make">Makes an environment with discrete actions.</param>
    /// <param name="network">Makes a network: observation [N, ...] → Q [N, actions]. Called twice.</param>
    /// <param name="settings">The usual ones when null.</param>
    /// <param name="seed">Of environments, exploration and drawing; the network's weights come from the current generator.</param>
    /// <exception cref="ArgumentException">Actions are not discrete.</exception>
    public Dqn(Func<TaskEnvironment> make, Func<Module> network, DqnSettings? settings = null, int seed = 0)
    {
        this.settings = settings ??= new();
        environments = new(make, settings.Environments, seed);
        var first = environments.First;
        if (!first.Actions.IsDiscrete) throw new ArgumentException("Dqn: a maximum over actions needs discrete ones; use Ppo for real numbers.", nameof(make));
        (actionCount, observationShape) = (first.Actions.Count, [.. first.ObservationShape]);
        (online, target) = (network(), network());
        (parameters, targetParameters) = ([.. online.Parameters()], [.. target.Parameters()]);
        target.Eval();
        Follow();
        optimizer = new(parameters, settings.LearningRate);
        replay = settings.IsPrioritized ? new PrioritizedReplayBuffer(settings.Capacity, first.ObservationSize) : new ReplayBuffer(settings.Capacity, first.ObservationSize);
        batch = new(settings.BatchSize, first.ObservationSize);
        (seen, actions) = (new float[settings.Environments * first.ObservationSize], new float[settings.Environments]);
        (targets, errors) = (new float[settings.BatchSize], new float[settings.BatchSize]);
        random = new Generator((ulong)seed).Split(1);
        Training = new(settings.Environments);
    }

    /// <inheritdoc/>
    public override Module Network => online;

    /// <summary>The share of random actions now.</summary>
    public double Epsilon => Math.Max(settings.Exploration, 1 - (1 - settings.Exploration) * Steps / Math.Max(1, settings.ExplorationSteps));

    /// <inheritdoc/>
    public override double Advance()
    {
        environments.Observations.CopyTo(seen);
        Act(seen, actions);
        for (int i = 0; i < actions.Length; i++)
        {
            if (random.NextUniform() < Epsilon) actions[i] = random.NextInt(actionCount);
        }
        environments.Step(actions);
        int size = seen.Length / actions.Length;
        for (int i = 0; i < actions.Length; i++)
        {
            var result = environments.Results[i];
            replay.Add(seen.AsSpan(i * size, size), (int)actions[i], result.Reward, environments.LastObservations.Slice(i * size, size), result.Terminated);
        }
        Training.Add(environments.Results);
        Steps += actions.Length;
        double last = double.NaN;
        if (Steps >= settings.WarmUp)
        {
            for (int i = 0; i < settings.UpdatesPerRound; i++) last = Update();
        }
        return last;
    }

    /// <inheritdoc/>
    public override void Act(ReadOnlySpan<float> observations, Span<float> actions)
    {
        using var scope = new NoGrad();
        float[] values = online.Call(Rows(observations)).ToArray<float>();
        for (int i = 0; i < actions.Length; i++) actions[i] = Best(values, i);
    }

    private double Update()
    {
        replay.Sample(batch, random);
        Bootstrap();
        if (settings.DecaySteps > 0) optimizer.LearningRate = settings.LearningRate * Math.Max(0.1, 1 - 0.9 * Steps / settings.DecaySteps);
        optimizer.ZeroGrad();
        var chosen = online.Call(Rows(batch.Observations)).Gather(1, Tensor.From(batch.Actions, batch.Count, 1)).Squeeze(1);
        var losses = loss.Forward(chosen, Tensor.From(targets, batch.Count));
        if (settings.IsPrioritized) losses *= Tensor.From(batch.Weights, batch.Count);
        var mean = losses.Mean();
        mean.Backward();
        Gradients.ClipNorm(parameters, settings.GradientLimit);
        optimizer.Step();
        if (settings.IsPrioritized)
        {
            TensorPrimitives.Subtract(chosen.Detach().ToArray<float>(), targets, errors);
            replay.Update(batch, errors);
        }
        if (++updates % settings.UpdatesPerTarget == 0) Follow();
        return mean.Item();
    }

    /// <summary>r + γ Q⁻(s', a'), or r where the task ended.</summary>
    private void Bootstrap()
    {
        using var scope = new NoGrad();
        var next = Rows(batch.Next);
        float[] values = target.Call(next).ToArray<float>();
        float[] choosing = settings.IsDouble ? online.Call(next).ToArray<float>() : values;
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = batch.Rewards[i] + (batch.Terminated[i] ? 0 : (float)settings.Discount * values[i * actionCount + Best(choosing, i)]);
        }
    }

    private void Follow()
    {
        using var scope = new NoGrad();
        for (int i = 0; i < parameters.Length; i++) targetParameters[i].CopyFrom(parameters[i]);
    }

    private int Best(float[] values, int row) => TensorPrimitives.IndexOfMax(values.AsSpan(row * actionCount, actionCount));

    private Tensor Rows(ReadOnlySpan<float> observations) => Tensor.From(observations, [observations.Length / environments.First.ObservationSize, .. observationShape]);
}
