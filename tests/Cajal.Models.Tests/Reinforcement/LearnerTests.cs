namespace Cajal.Models.Tests;

/// <summary>Agents on a task small enough that what is best is known, and what they promise.</summary>
public sealed class LearnerTests
{
    /// <summary>Shows a number in ±1. Discrete: 1 for pressing the button on the side of its sign. Continuous: the nearer to half the number, the better. Four steps each.</summary>
    private sealed class Mirror(bool isDiscrete = true) : TaskEnvironment([1], isDiscrete ? ActionSpace.Discrete(2) : ActionSpace.Continuous(1, -1, 1), stateSize: 1, maxSteps: 4)
    {
        protected override void Begin(Span<double> state, Generator random) => state[0] = 2 * random.NextUniform() - 1;

        protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
        {
            double reward = Actions.IsDiscrete ? (action[0] == 1) == (state[0] > 0) ? 1 : 0 : -Math.Abs(action[0] - state[0] / 2);
            Begin(state, random);
            return (reward, false);
        }

        protected override void Observe(ReadOnlySpan<double> state, Span<float> observation) => observation[0] = (float)state[0];
    }

    private static Learner Make(string name, int seed)
    {
        using var scope = new Generator((ulong)seed).Use();
        return name switch
        {
            "dqn" => new Dqn(() => new Mirror(), () => AgentNetworks.TanhMlp(1, 2, 16), new() { Discount = 0, LearningRate = 1e-2, WarmUp = 100, ExplorationSteps = 1000 }, seed),
            "dqn prioritised" => new Dqn(() => new Mirror(), () => AgentNetworks.TanhMlp(1, 2, 16), new() { Discount = 0, LearningRate = 1e-2, WarmUp = 100, IsPrioritized = true, IsDouble = false }, seed),
            "ppo" => new Ppo(() => new Mirror(), ActorCritic.For(new Mirror(), 16), new() { LearningRate = 1e-2, Discount = 0, StepsPerRound = 16, BatchSize = 64 }, seed),
            "ppo gaussian" => new Ppo(() => new Mirror(false), ActorCritic.For(new Mirror(false), 16), new() { LearningRate = 1e-2, Discount = 0, StepsPerRound = 16, BatchSize = 64, EntropyBonus = 0 }, seed),
            _ => new Reinforce(() => new Mirror(), ActorCritic.For(new Mirror(), 16), new() { LearningRate = 3e-2, Discount = 0 }, seed),
        };
    }

    [Theory]
    [InlineData("dqn", 3.8)]
    [InlineData("dqn prioritised", 3.8)]
    [InlineData("ppo", 3.8)]
    [InlineData("reinforce", 3.8)]
    [InlineData("ppo gaussian", -0.4)]
    public void LearnsWhatIsBest(string name, double enough)
    {
        var learner = Make(name, 1);
        Func<TaskEnvironment> make = () => new Mirror(name != "ppo gaussian");
        double before = AgentEvaluation.Returns(learner, make, 200, seed: 10_000).Average();
        while (learner.Steps < 12_000) learner.Advance();
        double after = AgentEvaluation.Returns(learner, make, 200, seed: 10_000).Average();
        Assert.True(after >= enough, $"{name}: {before} became {after}");
        Assert.True(learner.Training.Recent() > learner.Training.Finished.Take(100).Average());
    }

    [Theory]
    [InlineData("dqn")]
    [InlineData("dqn prioritised")]
    [InlineData("ppo")]
    [InlineData("ppo gaussian")]
    [InlineData("reinforce")]
    public void SameSeedSameBits(string name)
    {
        var first = Weights(1, threads: 1);
        Assert.Equal(first, Weights(1, threads: 2));
        Assert.NotEqual(first, Weights(2, threads: 1));

        float[] Weights(int seed, int threads)
        {
            int before = Compute.Threads;
            try
            {
                Compute.Threads = threads;
                var learner = Make(name, seed);
                while (learner.Steps < 600) learner.Advance();
                return [.. learner.Network.Parameters().SelectMany(parameter => parameter.ToArray<float>())];
            }
            finally
            {
                Compute.Threads = before;
            }
        }
    }

    [Fact]
    public void EpisodesPlayedTogetherEarnWhatTheyEarnAlone()
    {
        // A lean tells which way to push; lengths of episodes differ.
        var pole = new Push();
        double[] together = AgentEvaluation.Returns(pole, () => new CartPole(), 20, seed: 7);
        double[] alone = [.. Enumerable.Range(0, 20).Select(i => AgentEvaluation.Returns(pole, () => new CartPole(), 1, seed: 7 + i)[0])];
        Assert.Equal(alone, together);
        Assert.True(together.Distinct().Count() > 5);
        Assert.Equal(3.0, AgentEvaluation.Returns(pole, () => new CartPole(), 1, seed: 7, maxSteps: 3)[0]);
    }

    [Fact]
    public void RealNumbersNeedAnotherLearner() =>
        Assert.Contains("use Ppo for real numbers", Assert.Throws<ArgumentException>(() => new Dqn(() => new Pendulum(), () => AgentNetworks.TanhMlp(3, 1))).Message);

    [Fact]
    public void APolicyBeginsNearlyIndifferent()
    {
        var network = ActorCritic.For(new CartPole());
        var logits = network.Call(Tensor.Normal([50, 4]));
        Assert.True(logits.Abs().Max().Item() < 0.1);
        Assert.Equal(Shape.Create(50), network.Value(Tensor.Zeros(50, 4)).Shape);
        Assert.Equal(["actor.0.weight", "actor.0.bias", "actor.2.weight", "actor.2.bias", "actor.4.weight", "actor.4.bias"], network.StateDict().Keys.Where(key => key.StartsWith("actor", StringComparison.Ordinal)));
        var gaussian = ActorCritic.For(new Pendulum());
        Assert.Contains("log_std", gaussian.StateDict().Keys);
    }

    /// <summary>Pushes to where the pole leans.</summary>
    private sealed class Push : IAgent
    {
        public void Act(ReadOnlySpan<float> observations, Span<float> actions)
        {
            for (int i = 0; i < actions.Length; i++) actions[i] = observations[4 * i + 2] > 0 ? 1 : 0;
        }
    }
}
