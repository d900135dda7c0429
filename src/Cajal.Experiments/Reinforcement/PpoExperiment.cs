using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Proximal policy optimisation with discrete and with Gaussian actions.</summary>
public sealed class PpoExperiment : Experiment
{
    /// <inheritdoc/>
    public override string Name => "ppo";

    /// <inheritdoc/>
    public override string Summary => "proximal policy optimisation on CartPole, Acrobot and Pendulum";

    /// <inheritdoc/>
    public override string Source => "Schulman et al. 2017; Schulman et al. 2016 (generalised advantages)";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("cartpole_return", 475, "mean return of 100 test episodes of CartPole", quick: 150, format: "0.0"),
        Goal.AtLeast("acrobot_return", -100, "mean return of 100 test episodes of Acrobot", format: "0.0"),
        Goal.AtLeast("pendulum_return", -250, "mean return of 100 test episodes of Pendulum, Gaussian actions (hanging still earns about -1,200)", format: "0.0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        trial.Note("data: none; the environments are simulated, with the dynamics that Gymnasium publishes");
        Learn(trial, 1, "cartpole", "CartPole", () => new CartPole(), environment => new CartPoleScene((CartPole)environment), trial.Quick ? 20_000 : 150_000, enough: 500, goal: 475,
            new() { Environments = 16, StepsPerRound = 64, Epochs = 6, LearningRate = 1e-3, RewardScale = 0.1 });
        if (trial.Quick) return;
        Learn(trial, 2, "acrobot", "Acrobot", () => new Acrobot(), environment => new AcrobotScene((Acrobot)environment), 300_000, enough: -78, goal: -100,
            new() { Environments = 16, StepsPerRound = 128, Epochs = 4, LearningRate = 1e-3, RewardScale = 0.1 });
        Learn(trial, 3, "pendulum", "Pendulum", () => new Pendulum(), environment => new PendulumScene((Pendulum)environment), 300_000, enough: -150, goal: -250,
            new() { Environments = 16, StepsPerRound = 128, Epochs = 10, LearningRate = 1e-3, Discount = 0.9, RewardScale = 0.1, EntropyBonus = 0 });
    }

    private static void Learn(
        Trial trial, ulong label, string name, string title, Func<TaskEnvironment> make, Func<TaskEnvironment, Drawing> scene, int steps, double enough, double goal, PpoSettings settings)
    {
        var agent = new Ppo(make, ActorCritic.For(make()), settings with { DecaySteps = steps }, AgentTraining.Seed(label));
        var history = AgentTraining.Train(trial, title, agent, make, steps, enough);
        trial.Figure(name + "_return", AgentTraining.Test(agent, make).Average());
        AgentTraining.Show(trial, name + "-returns", $"PPO on {title}", history, goal);
        trial.Save(name, agent.Network);
        Film.Save(trial, name, agent, make(), scene);
    }
}
