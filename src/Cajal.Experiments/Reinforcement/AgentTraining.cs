using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>How an agent came along: one entry per look at it.</summary>
/// <param name="Steps">Steps taken in the environment.</param>
/// <param name="Training">The mean return of the last 100 training episodes, random actions included.</param>
/// <param name="Validation">The mean return when nothing is tried out, on starts set aside for this.</param>
internal sealed record AgentHistory(List<double> Steps, List<double> Training, List<double> Validation);

/// <summary>
/// Trains an agent and keeps its best weights. Which are best is decided on starts set aside for this; the test is made once, on other starts. Training environments
/// have seeds below a million, validation episodes from one million on, test episodes from two million on.
/// </summary>
internal static class AgentTraining
{
    private const int SeedsOfTraining = 1_000_000, ValidationSeed = 1_000_000, TestSeed = 2_000_000, ValidationEpisodes = 50, Looks = 40;

    /// <summary>A seed for training that depends on that of the trial and on what is trained.</summary>
    /// <param name="label">Another one for each agent of an experiment.</param>
    internal static int Seed(ulong label) => Generator.Current.Split(label).NextInt(SeedsOfTraining);

    /// <summary>Rounds until so many steps were taken, or until the validation episodes earn enough.</summary>
    /// <param name="trial">Is told how it stands.</param>
    /// <param name="stage">What is trained.</param>
    /// <param name="learner">The agent; holds its best weights afterwards.</param>
    /// <param name="make">Makes an environment to look at it in.</param>
    /// <param name="steps">Steps at most.</param>
    /// <param name="enough">The mean validation return at which to stop.</param>
    internal static AgentHistory Train(Trial trial, string stage, Learner learner, Func<TaskEnvironment> make, int steps, double enough)
    {
        var history = new AgentHistory([], [], []);
        double best = double.NegativeInfinity;
        KeyValuePair<string, Tensor>[] weights = [];
        for (int look = 1; look <= Looks && best < enough; look++)
        {
            long before = learner.Steps, until = (long)steps * look / Looks;
            while (learner.Steps < until)
            {
                learner.Advance();
                trial.Progress(stage, (double)(learner.Steps - before) / (until - before));
            }
            double mean = AgentEvaluation.Returns(learner, make, ValidationEpisodes, ValidationSeed).Average();
            history.Steps.Add(learner.Steps);
            history.Training.Add(learner.Training.Recent());
            history.Validation.Add(mean);
            trial.Step(stage, look, Looks, ("steps", learner.Steps), ("training_return", learner.Training.Recent()), ("validation_return", mean));
            if (mean < best) continue;
            best = mean;
            weights = [.. learner.Network.StateDict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Detach().Clone()))];
        }
        learner.Network.LoadStateDict(weights);
        return history;
    }

    /// <summary>The returns of episodes that played no part in training.</summary>
    internal static double[] Test(IAgent agent, Func<TaskEnvironment> make, int episodes = 100) => AgentEvaluation.Returns(agent, make, episodes, TestSeed);

    /// <summary>The chart and the numbers of a training.</summary>
    /// <param name="trial">Where they go.</param>
    /// <param name="name">Of the files.</param>
    /// <param name="title">Above the chart.</param>
    /// <param name="history">How it went.</param>
    /// <param name="goal">What must be reached.</param>
    internal static void Show(Trial trial, string name, string title, AgentHistory history, double goal)
    {
        var plot = Chart.New(title, "steps in the environment", "return of an episode");
        plot.Line("while learning, mean of 100 episodes", history.Steps, history.Training);
        plot.Line("nothing tried out, validation starts", history.Steps, history.Validation);
        plot.Line("goal", [0, history.Steps[^1]], [goal, goal], colour: 7);
        trial.Picture(name, plot);
        trial.Csv(name, ["steps", "training_return", "validation_return"], history.Steps.Select((steps, i) => new[] { steps, history.Training[i], history.Validation[i] }));
    }
}
