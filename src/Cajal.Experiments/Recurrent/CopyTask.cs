using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Two types of network on copy memory: practised over short silences, judged over longer ones.</summary>
internal static class CopyTask
{
    private const int Hidden = 64;

    internal static void Run(Trial trial, RecurrentType subject, RecurrentType companion)
    {
        int practised = trial.Quick ? 10 : 50, steps = trial.Quick ? 200 : 1500;
        int[] delays = trial.Quick ? [1, 5, 10, 20] : [1, 5, 10, 20, 50, 100, 200];
        trial.Note($"data: copy memory, simulated; {CopyMemory.Length} of {CopyMemory.Symbols} symbols are kept through a silence of 1 to {practised} steps in training, up to {delays[^1]} in the test");
        var chart = Chart.New("Copy memory: symbols kept through a silence", "length of the silence, steps", "share of symbols said rightly");
        var rows = new List<double[]>();
        foreach (var type in (RecurrentType[])[subject, companion])
        {
            var net = RecurrentSetup.Started(new(type, CopyMemory.InputSize, Hidden, CopyMemory.Symbols, readout: RecurrentReadout.EveryStep));
            var training = Judged(net, practised, practised);
            training.Run(trial, $"copy, {RecurrentSetup.NameOf(type)}", steps);
            double[] kept = [.. delays.Select(delay => Judged(net, delay, practised).Test(trial, CopyMemory.Hits))];
            for (int i = 0; i < delays.Length; i++)
            {
                trial.Figure((type == subject ? "" : RecurrentSetup.KeyOf(type) + "_") + $"copy_accuracy_{delays[i]}", kept[i]);
                rows.Add([(int)type, delays[i], kept[i]]);
            }
            chart.Line(RecurrentSetup.NameOf(type), [.. delays.Select(delay => (double)delay)], kept);
        }
        chart.Line("guessing", [delays[0], delays[^1]], [1.0 / CopyMemory.Symbols, 1.0 / CopyMemory.Symbols], colour: 8);
        chart.Line("longest practised", [practised, practised], [0, 1], colour: 5);
        trial.Picture("copy", chart);
        trial.Csv("copy", ["type", "delay", "accuracy"], rows);
    }

    private static EndlessTraining Judged(RecurrentNetwork net, int delay, int practised) => new((random, count) => CopyMemory.Draw(random, count, delay), CopyMemory.Loss, net)
    {
        LearningRate = RecurrentSetup.RateOf(net.Type),
        Practice = (random, count) => CopyMemory.Draw(random, count, 1 + random.NextInt(practised)),
        Enough = 0.002,
    };
}
