namespace Cajal.Models;

/// <summary>Settings of <see cref="Reinforce"/>.</summary>
public sealed record ReinforceSettings
{
    /// <summary>γ.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Adam's, for policy and baseline.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Whole episodes in a round, played side by side.</summary>
    public int Episodes { get; init; } = 16;

    /// <summary>Steps of the baseline in a round; the policy takes one.</summary>
    public int BaselineSteps { get; init; } = 5;

    /// <summary>How much the policy's entropy is worth.</summary>
    public double EntropyBonus { get; init; } = 0.01;

    /// <summary>The norm that the policy's gradient is scaled down to.</summary>
    public double GradientLimit { get; init; } = 0.5;

    /// <summary>What rewards are multiplied by, to bring returns nearer to 1.</summary>
    public double RewardScale { get; init; } = 1;
}

/// <summary>
/// REINFORCE with a baseline (Williams 1992): after whole episodes one step up E[(Gₜ - V(sₜ)) ∇ ln π(aₜ|sₜ)], where Gₜ = rₜ + γ rₜ₊₁ + ... is what was really earned
/// and the baseline V, a network that learns to predict it, only lessens the noise. The differences are standardised. Where an episode was cut off by the clock, V
/// stands for the rest.
/// </summary>
public sealed class Reinforce : PolicyLearner
{
    private readonly ReinforceSettings settings;
    private readonly TaskEnvironment[] environments;
    private readonly Adam actorOptimizer, criticOptimizer;
    private readonly Generator random;
    private readonly Episode[] episodes;
    private readonly int observationSize, actionSize, seed;
    private bool isRunning;

    /// <summary>Sets up learning.</summary>
    /// <param name="make">Makes an environment whose episodes end.</param>
    /// <param name="network">Policy and baseline: see <see cref="ActorCritic.For"/>.</param>
    /// <param name="settings">The usual ones when null.</param>
    /// <param name="seed">Of actions; environment i begins with seed + i.</param>
    public Reinforce(Func<TaskEnvironment> make, ActorCritic network, ReinforceSettings? settings = null, int seed = 0) : base(network, make())
    {
        this.settings = settings ??= new();
        this.seed = seed;
        random = new Generator((ulong)seed).Split(1);
        environments = [.. Enumerable.Range(0, settings.Episodes).Select(_ => make())];
        episodes = [.. environments.Select(_ => new Episode())];
        (observationSize, actionSize) = (environments[0].ObservationSize, environments[0].Actions.Size);
        (actorOptimizer, criticOptimizer) = (new(ActorParameters, settings.LearningRate), new(CriticParameters, settings.LearningRate));
        Training = new(settings.Episodes);
    }

    /// <inheritdoc/>
    public override double Advance()
    {
        Play();
        int count = episodes.Sum(episode => episode.Rewards.Count);
        Steps += count;
        var seen = Rows(episodes.SelectMany(episode => episode.Observations).ToArray());
        var actions = Tensor.From(episodes.SelectMany(episode => episode.Actions).ToArray(), count, actionSize);
        float[] earned = [.. episodes.SelectMany(episode => episode.Earned(settings.Discount, settings.RewardScale))];
        var (returns, advantages) = (Tensor.From(earned, count), Advantages(seen, earned));
        for (int i = 0; i < settings.BaselineSteps; i++)
        {
            criticOptimizer.ZeroGrad();
            (Policy.Value(seen) - returns).Square().Mean().Backward();
            criticOptimizer.Step();
        }
        actorOptimizer.ZeroGrad();
        var outputs = Policy.Actor.Call(seen);
        var loss = -(Distribution.LogProbability(outputs, actions) * advantages).Mean() - Distribution.Entropy(outputs).Mean() * settings.EntropyBonus;
        loss.Backward();
        Gradients.ClipNorm(ActorParameters, settings.GradientLimit);
        actorOptimizer.Step();
        return loss.Item();
    }

    /// <summary>G - V, standardised, with the baseline as it was before it saw these episodes.</summary>
    private Tensor Advantages(Tensor seen, float[] earned)
    {
        using var scope = new NoGrad();
        float[] values = Policy.Value(seen).ToArray<float>();
        for (int i = 0; i < values.Length; i++) values[i] = earned[i] - values[i];
        Returns.Standardise(values);
        return Tensor.From(values, values.Length);
    }

    /// <summary>One whole episode in every environment.</summary>
    private void Play()
    {
        using var scope = new NoGrad();
        var running = new List<int>();
        var observations = new float[environments.Length * observationSize];
        for (int i = 0; i < environments.Length; i++)
        {
            episodes[i].Clear();
            if (isRunning) environments[i].Reset(Row(i));
            else environments[i].Reset(seed + i, Row(i));
            running.Add(i);
        }
        isRunning = true;
        float[] actions = new float[environments.Length * actionSize], logs = new float[environments.Length];
        while (running.Count > 0)
        {
            int count = running.Count;
            Choose(count);
            int kept = 0;
            for (int row = 0; row < count; row++)
            {
                int i = running[row];
                var action = actions.AsSpan(row * actionSize, actionSize);
                episodes[i].Observations.AddRange(Row(row));
                episodes[i].Actions.AddRange(action);
                var result = environments[i].Step(action, Row(row));
                episodes[i].Rewards.Add(result.Reward);
                if (result.Ended)
                {
                    if (!result.Terminated) episodes[i].Rest = Policy.Value(Rows(Row(row))).Item();
                    Training.Add(episodes[i].Rewards.Sum());
                    continue;
                }
                Row(row).CopyTo(Row(kept));
                running[kept++] = i;
            }
            running.RemoveRange(kept, count - kept);
        }

        void Choose(int count) => Distribution.Sample(
            Policy.Actor.Call(Rows(observations.AsSpan(0, count * observationSize))).ToArray<float>(), random, actions.AsSpan(0, count * actionSize), logs.AsSpan(0, count));

        Span<float> Row(int i) => observations.AsSpan(i * observationSize, observationSize);
    }

    /// <summary>What happened from a beginning to an end.</summary>
    private sealed class Episode
    {
        internal List<float> Observations { get; } = [];

        internal List<float> Actions { get; } = [];

        internal List<double> Rewards { get; } = [];

        /// <summary>What the baseline expects after a cut by the clock, scaled as it learnt it.</summary>
        internal double Rest { get; set; }

        internal void Clear()
        {
            Observations.Clear();
            Actions.Clear();
            Rewards.Clear();
            Rest = 0;
        }

        /// <summary>G of every step.</summary>
        internal float[] Earned(double discount, double scale)
        {
            var earned = new float[Rewards.Count];
            double sum = Rest;
            for (int t = earned.Length - 1; t >= 0; t--) earned[t] = (float)(sum = scale * Rewards[t] + discount * sum);
            return earned;
        }
    }
}
