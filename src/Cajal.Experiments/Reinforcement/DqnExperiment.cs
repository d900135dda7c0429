using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Learning what actions are worth: with a table on grids, with a network on a pole and a hill, with a convolution on pictures.</summary>
public sealed class DqnExperiment : Experiment
{
    /// <inheritdoc/>
    public override string Name => "dqn";

    /// <inheritdoc/>
    public override string Summary => "Q-learning: a table on grid worlds, a network on CartPole and MountainCar, a convolution on a game in pictures";

    /// <inheritdoc/>
    public override string Source => "Watkins 1989; Mnih et al. 2015; van Hasselt, Guez and Silver 2016; Schaul et al. 2016";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtLeast("cartpole_return", 475, "mean return of 100 test episodes of CartPole, double DQN", quick: 100, format: "0.0"),
        Goal.AtLeast("mountaincar_return", -120, "mean return of 100 test episodes of MountainCar, double DQN", format: "0.0"),
        Goal.AtLeast("catch_return", 0.9, "mean return of 100 test episodes of Catch from pixels, double DQN with prioritised replay", format: "0.00"),
        Goal.AtLeast("frozenlake_success", 0.70, "share of 1,000 test episodes of slippery FrozenLake 4x4 that reach the goal (the optimum is 0.74), table", quick: 0.65, format: "0.000"),
        Goal.AtLeast("cliff_return", -13, "return on CliffWalking (-13 is the optimum), table", quick: -13, format: "0"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        trial.Note("data: none; the environments are simulated, with the dynamics that Gymnasium publishes (Catch: the project's own)");
        Grids(trial);
        CartPole(trial);
        if (trial.Quick) return;
        MountainCar(trial);
        Pixels(trial);
    }

    private static void Grids(Trial trial)
    {
        var lake = new FrozenLake();
        var walker = new QLearning(lake, discount: 0.99, learningRate: 0.2, AgentTraining.Seed(1));
        walker.Train(episodes: 10_000);
        trial.Figure("frozenlake_success", AgentTraining.Test(walker, () => new FrozenLake(), episodes: 1000).Average());
        trial.Picture("frozenlake-policy", new GridScene(lake, walker));
        trial.Step("tables", 1, 2);

        var cliff = new CliffWalking();
        var climber = new QLearning(cliff, discount: 1, learningRate: 0.5, AgentTraining.Seed(2));
        climber.Train(episodes: 500);
        trial.Figure("cliff_return", AgentTraining.Test(climber, () => new CliffWalking(maxSteps: 200), episodes: 1)[0]);
        trial.Picture("cliff-policy", new GridScene(cliff, climber));
        trial.Step("tables", 2, 2);
    }

    private static void CartPole(Trial trial)
    {
        static TaskEnvironment Make() => new CartPole();
        int steps = trial.Quick ? 8_000 : 60_000;
        var settings = new DqnSettings { LearningRate = 1e-3, ExplorationSteps = steps / 6, DecaySteps = steps, UpdatesPerRound = 4, UpdatesPerTarget = 100 };
        var agent = new Dqn(Make, () => AgentNetworks.TanhMlp(4, 2), settings, AgentTraining.Seed(3));
        var history = AgentTraining.Train(trial, "CartPole", agent, Make, steps, enough: 500);
        trial.Figure("cartpole_return", AgentTraining.Test(agent, Make).Average());
        AgentTraining.Show(trial, "cartpole-returns", "DQN on CartPole", history, goal: 475);
        trial.Save("cartpole", agent.Network);
        Film.Save(trial, "cartpole", agent, Make(), environment => new CartPoleScene((CartPole)environment));
    }

    private static void MountainCar(Trial trial)
    {
        static TaskEnvironment Make() => new MountainCar();
        const int Steps = 150_000;
        var settings = new DqnSettings { Discount = 0.98, LearningRate = 2e-3, BatchSize = 128, Capacity = 20_000, ExplorationSteps = Steps / 5, DecaySteps = Steps, UpdatesPerRound = 4, UpdatesPerTarget = 300 };
        var agent = new Dqn(Make, Scaled, settings, AgentTraining.Seed(5));
        var history = AgentTraining.Train(trial, "MountainCar", agent, Make, Steps, enough: -105);
        trial.Figure("mountaincar_return", AgentTraining.Test(agent, Make).Average());
        AgentTraining.Show(trial, "mountaincar-returns", "DQN on MountainCar", history, goal: -120);
        trial.Save("mountaincar", agent.Network);
        Film.Save(trial, "mountaincar", agent, Make(), environment => new MountainCarScene((MountainCar)environment));

        // Velocities are at most 0.07: beside positions a network would hardly see them.
        static Module Scaled()
        {
            var scale = new Rescale(2);
            scale.Scale.CopyFrom(Tensor.From([1 / 0.9f, 1 / 0.07f], 2));
            scale.Offset.CopyFrom(Tensor.From([1 / 3f, 0], 2));
            return new Sequential(scale, AgentNetworks.TanhMlp(2, 3));
        }
    }

    private static void Pixels(Trial trial)
    {
        static TaskEnvironment Make() => new Catch();
        const int Steps = 60_000;
        var settings = new DqnSettings { LearningRate = 5e-4, BatchSize = 32, Capacity = 20_000, ExplorationSteps = Steps / 4, UpdatesPerRound = 2, UpdatesPerTarget = 200, IsPrioritized = true };
        var agent = new Dqn(Make, () => AgentNetworks.PixelCnn(2, Catch.Side, 3), settings, AgentTraining.Seed(4));
        var history = AgentTraining.Train(trial, "Catch", agent, Make, Steps, enough: 1);
        trial.Figure("catch_return", AgentTraining.Test(agent, Make).Average());
        AgentTraining.Show(trial, "catch-returns", "DQN on Catch, from pixels", history, goal: 0.9);
        trial.Save("catch", agent.Network);
        Film.Save(trial, "catch", agent, Make(), environment => new CatchScene((Catch)environment), framesPerSecond: 8, episodes: 8);
    }
}
