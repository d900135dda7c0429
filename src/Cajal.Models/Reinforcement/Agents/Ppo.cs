namespace Cajal.Models;

/// <summary>Settings of <see cref="Ppo"/>.</summary>
public sealed record PpoSettings
{
    /// <summary>γ.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>λ of the advantages.</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>ε: how far the ratio of probabilities may move before an action counts no more.</summary>
    public double Clip { get; init; } = 0.2;

    /// <summary>Adam's.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Environments that are stepped together.</summary>
    public int Environments { get; init; } = 16;

    /// <summary>Steps of each in a round.</summary>
    public int StepsPerRound { get; init; } = 128;

    /// <summary>How often a round's steps are gone through.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Steps per update.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>How much the policy's entropy is worth.</summary>
    public double EntropyBonus { get; init; } = 0.01;

    /// <summary>The joint norm that the gradients of actor and critic, each for itself, are scaled down to.</summary>
    public double GradientLimit { get; init; } = 0.5;

    /// <summary>What rewards are multiplied by, to bring returns nearer to 1.</summary>
    public double RewardScale { get; init; } = 1;

    /// <summary>Steps over which the learning rate falls linearly to a tenth; 0: it stays.</summary>
    public int DecaySteps { get; init; }
}

/// <summary>
/// Proximal policy optimisation (Schulman et al. 2017): after every rollout several epochs of E[min(ρ A, clip(ρ, 1 - ε, 1 + ε) A)] with ρ = π(a|s) / π_old(a|s) and
/// generalised advantages A, standardised in each batch; the critic learns the returns A + V; an entropy bonus keeps the policy from settling early. Discrete or
/// Gaussian actions.
/// </summary>
public sealed class Ppo : PolicyLearner
{
    private readonly PpoSettings settings;
    private readonly Rollout rollout;
    private readonly Adam optimizer;
    private readonly Generator random;
    private readonly float[] advantages, returns;
    private readonly int actionSize, observationSize;
    private readonly int[] order;

    /// <summary>Sets up learning.</summary>
    /// <param name="make">Makes an environment.</param>
    /// <param name="network">Policy and critic: see <see cref="ActorCritic.For"/>.</param>
    /// <param name="settings">The usual ones when null.</param>
    /// <param name="seed">Of environments, actions and batches.</param>
    public Ppo(Func<TaskEnvironment> make, ActorCritic network, PpoSettings? settings = null, int seed = 0) : base(network, make())
    {
        this.settings = settings ??= new();
        random = new Generator((ulong)seed).Split(1);
        var environments = new VectorEnvironment(make, settings.Environments, seed);
        rollout = new(environments, network, Distribution, settings.StepsPerRound, random);
        optimizer = new(network, settings.LearningRate, epsilon: 1e-5);
        (actionSize, observationSize) = (environments.First.Actions.Size, environments.First.ObservationSize);
        (advantages, returns, order) = (new float[rollout.Count], new float[rollout.Count], [.. Enumerable.Range(0, rollout.Count)]);
        Training = new(settings.Environments);
    }

    /// <summary>-min(ρ A, clip(ρ, 1 - ε, 1 + ε) A), averaged.</summary>
    /// <param name="ratios">ρ [N].</param>
    /// <param name="advantages">A [N].</param>
    /// <param name="clip">ε.</param>
    public static Tensor ClippedLoss(Tensor ratios, Tensor advantages, double clip) =>
        -Tensor.Minimum(ratios * advantages, ratios.Clamp(1 - clip, 1 + clip) * advantages).Mean();

    /// <inheritdoc/>
    public override double Advance()
    {
        rollout.Collect(Training);
        Steps += rollout.Count;
        Returns.Advantages(rollout.Results, settings.Environments, rollout.Values, rollout.NextValues, settings.Discount, settings.Lambda, advantages, settings.RewardScale);
        for (int i = 0; i < returns.Length; i++) returns[i] = advantages[i] + rollout.Values[i];
        if (settings.DecaySteps > 0) optimizer.LearningRate = settings.LearningRate * Math.Max(0.1, 1 - 0.9 * Steps / settings.DecaySteps);
        double last = double.NaN;
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            random.Shuffle<int>(order);
            for (int start = 0; start < order.Length; start += settings.BatchSize) last = Update(order.AsSpan(start, Math.Min(settings.BatchSize, order.Length - start)));
        }
        return last;
    }

    private double Update(ReadOnlySpan<int> rows)
    {
        int count = rows.Length;
        float[] advantage = Picked(advantages, rows, 1);
        Returns.Standardise(advantage);
        var seen = Rows(Picked(rollout.Observations, rows, observationSize));
        var actions = Tensor.From(Picked(rollout.Actions, rows, actionSize), count, actionSize);
        optimizer.ZeroGrad();
        var outputs = Policy.Actor.Call(seen);
        var ratios = (Distribution.LogProbability(outputs, actions) - Tensor.From(Picked(rollout.LogProbabilities, rows, 1), count)).Exp();
        var policy = ClippedLoss(ratios, Tensor.From(advantage, count), settings.Clip) - Distribution.Entropy(outputs).Mean() * settings.EntropyBonus;
        var value = (Policy.Value(seen) - Tensor.From(Picked(returns, rows, 1), count)).Square().Mean() * 0.5;
        var loss = policy + value;
        loss.Backward();
        Gradients.ClipNorm(ActorParameters, settings.GradientLimit);
        Gradients.ClipNorm(CriticParameters, settings.GradientLimit);
        optimizer.Step();
        return loss.Item();
    }

    private static float[] Picked(float[] all, ReadOnlySpan<int> rows, int size)
    {
        var picked = new float[rows.Length * size];
        for (int i = 0; i < rows.Length; i++) all.AsSpan(rows[i] * size, size).CopyTo(picked.AsSpan(i * size));
        return picked;
    }
}
