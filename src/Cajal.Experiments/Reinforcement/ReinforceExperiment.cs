using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>The oldest policy gradient, with a baseline that is learnt beside it.</summary>
public sealed class ReinforceExperiment : Experiment
{
    /// <inheritdoc/>
    public override string Name => "reinforce";

    /// <inheritdoc/>
    public override string Summary => "the policy gradient of whole episodes, with a learnt baseline, on CartPole";

    /// <inheritdoc/>
    public override string Source => "Williams 1992";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("cartpole_return", 475, "mean return of 100 test episodes of CartPole", quick: 60, format: "0.0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        static TaskEnvironment Make() => new CartPole();
        trial.Note("data: none; the environment is simulated, with the dynamics that Gymnasium publishes");
        var agent = new Reinforce(Make, ActorCritic.For(Make()), new() { Episodes = trial.Quick ? 8 : 16, LearningRate = 5e-3, RewardScale = 0.1 }, AgentTraining.Seed(1));
        var history = AgentTraining.Train(trial, "CartPole", agent, Make, trial.Quick ? 30_000 : 800_000, enough: 500);
        trial.Figure("cartpole_return", AgentTraining.Test(agent, Make).Average());
        AgentTraining.Show(trial, "cartpole-returns", "REINFORCE on CartPole", history, goal: 475);
        trial.Save("cartpole", agent.Network);
        Film.Save(trial, "cartpole", agent, Make(), environment => new CartPoleScene((CartPole)environment));
    }
}
