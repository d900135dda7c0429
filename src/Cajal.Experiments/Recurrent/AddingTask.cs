using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Two types of network on the adding problem, over growing lengths, with the same budget.</summary>
internal static class AddingTask
{
    private const int Hidden = 32;

    /// <summary>One network at one length.</summary>
    /// <param name="Type">Of the network.</param>
    /// <param name="Steps">T.</param>
    /// <param name="Looks">Validation error while it learned.</param>
    /// <param name="Error">Mean squared error on test data.</param>
    /// <param name="Reach">Root mean square of the slope of the answer by each step's mark [T].</param>
    private sealed record Outcome(RecurrentType Type, int Steps, List<Look> Looks, double Error, double[] Reach);

    internal static void Run(Trial trial, RecurrentType subject, RecurrentType companion)
    {
        int[] lengths = trial.Quick ? [10, 50] : [10, 25, 50, 100, 200, 400];
        int steps = trial.Quick ? 500 : 1500;
        trial.Note($"data: the adding problem, simulated; {lengths[0]} to {lengths[^1]} numbers, {steps:N0} steps of 64 sequences at most; answering 1 errs by {AddingProblem.Blind:0.000}");
        var outcomes = new List<Outcome>();
        foreach (int length in lengths)
        {
            foreach (var type in (RecurrentType[])[subject, companion])
            {
                var outcome = Train(trial, type, length, steps);
                outcomes.Add(outcome);
                trial.Figure((type == subject ? "" : RecurrentSetup.KeyOf(type) + "_") + $"adding_mse_{length}", outcome.Error);
            }
        }
        if (!trial.Quick) trial.Figure("contrast", Contrast(outcomes, 200));
        Draw(trial, outcomes, lengths, trial.Quick ? 50 : 200);
    }

    private static Outcome Train(Trial trial, RecurrentType type, int length, int steps)
    {
        var net = RecurrentSetup.Started(new(type, inputSize: 2, Hidden, outputs: 1), longest: length);
        var training = new EndlessTraining((random, count) => AddingProblem.Draw(random, count, length), new MseLoss().Forward, net)
        {
            LearningRate = RecurrentSetup.RateOf(type),
            Enough = 0.002,
        };
        var looks = training.Run(trial, $"adding, T = {length}, {RecurrentSetup.NameOf(type)}", steps);
        return new(type, length, looks, training.Test(trial, new MseLoss().Forward), Reach(net, trial, length));
    }

    /// <summary>How far back the answer depends on what was read: by the marks, which say where the numbers are.</summary>
    private static double[] Reach(RecurrentNetwork net, Trial trial, int length)
    {
        const int Samples = 256;
        const ulong Stream = 14;
        var x = AddingProblem.Draw(new Generator((ulong)trial.Seed, Stream), Samples, length).Inputs.WithGrad();
        var slopes = Differentiate.Grad(net.Forward(x).Sum(), [x])[0];
        return slopes.Select(2, 1).Square().Mean(0).Sqrt().Cast(DType.Float64).ToArray<double>();
    }

    /// <summary>The plain network's error over the gated one's.</summary>
    private static double Contrast(List<Outcome> outcomes, int length)
    {
        var there = outcomes.Where(outcome => outcome.Steps == length).ToList();
        return there.Single(outcome => outcome.Type == RecurrentType.Rnn).Error / there.Single(outcome => outcome.Type != RecurrentType.Rnn).Error;
    }

    private static void Draw(Trial trial, List<Outcome> outcomes, int[] lengths, int shown)
    {
        var errors = Chart.New("Adding problem: error at growing length", "T, steps", "mean squared error on test data");
        var curves = Chart.New($"Adding problem, T = {shown}: learning", "training step", "mean squared error on validation data");
        var reach = Chart.New($"Adding problem, T = {shown}: what the answer depends on", "step of the sequence", "log10 of the slope by its mark");
        foreach (var type in outcomes.Select(outcome => outcome.Type).Distinct())
        {
            var own = outcomes.Where(outcome => outcome.Type == type).ToList();
            string name = RecurrentSetup.NameOf(type);
            errors.Line(name, [.. own.Select(outcome => (double)outcome.Steps)], [.. own.Select(outcome => outcome.Error)]);
            var one = own.Single(outcome => outcome.Steps == shown);
            curves.Line(name, [.. one.Looks.Select(look => (double)look.Step)], [.. one.Looks.Select(look => look.Loss)]);
            reach.Line(name, [.. Enumerable.Range(1, shown).Select(t => (double)t)], [.. one.Reach.Select(Math.Log10)]);
        }
        errors.Line("answering 1", [lengths[0], lengths[^1]], [AddingProblem.Blind, AddingProblem.Blind], colour: 8);
        double last = outcomes.Where(outcome => outcome.Steps == shown).Max(outcome => outcome.Looks[^1].Step);
        curves.Line("answering 1", [0, last], [AddingProblem.Blind, AddingProblem.Blind], colour: 8);
        trial.Picture("adding", errors);
        trial.Picture("adding-learning", curves);
        trial.Picture("adding-reach", reach);
        trial.Csv("adding", ["type", "steps", "mse", "training_steps"], outcomes.Select(outcome => (double[])[(int)outcome.Type, outcome.Steps, outcome.Error, outcome.Looks[^1].Step]));
    }
}
