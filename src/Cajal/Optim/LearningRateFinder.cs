namespace Cajal;

/// <summary>What <see cref="LearningRateFinder"/> saw.</summary>
/// <param name="Rates">The learning rates tried, rising.</param>
/// <param name="Losses">The smoothed loss of each.</param>
/// <param name="Suggestion">A good rate to train with: where the loss fell fastest, at most a tenth of where it was lowest.</param>
public sealed record LearningRateCurve(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses, double Suggestion);

/// <summary>Finds a learning rate by raising it exponentially, a batch at a time, until the loss explodes (Smith 2017).</summary>
public static class LearningRateFinder
{
    private const double Smoothing = 0.9, Explosion = 4;

    /// <summary>Tries rates from <paramref name="lowest"/> to <paramref name="highest"/>. Network, optimiser and random numbers are afterwards as before, bit for bit.</summary>
    /// <param name="net">The network.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="optimizer">The optimiser whose rate is sought.</param>
    /// <param name="data">Training data; passed over again where there are fewer batches than steps.</param>
    /// <param name="lowest">The first rate.</param>
    /// <param name="highest">The last rate, unless the loss explodes before.</param>
    /// <param name="steps">Rates tried.</param>
    /// <param name="batchSize">Samples per step.</param>
    /// <param name="seed">Order of the data and dropout.</param>
    public static LearningRateCurve Run(Module net, Loss loss, Optimizer optimizer, Dataset data, double lowest = 1e-7, double highest = 10, int steps = 100, int batchSize = 32, int seed = 0)
    {
        if (!(lowest > 0) || !(highest > lowest)) throw new ArgumentOutOfRangeException(nameof(lowest), lowest, $"LearningRateFinder: the rates must rise from above zero, but they are {lowest} and {highest}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 10);
        var weights = net.StateDict().ToDictionary(item => item.Key, item => item.Value.Detach().Clone());
        var state = optimizer.StateDict().ToDictionary(item => item.Key, item => item.Value.Clone());
        var rates = optimizer.Groups.Select(group => group.LearningRate).ToArray();
        bool wasTraining = net.IsTraining;
        using var scope = new Generator((ulong)seed).Use();
        try
        {
            net.Train();
            return Sweep(net, loss, optimizer, data, lowest, highest, steps, batchSize, seed);
        }
        finally
        {
            net.LoadStateDict(weights);
            optimizer.Reset();
            optimizer.LoadStateDict(state);
            for (int i = 0; i < rates.Length; i++) optimizer.Groups[i].LearningRate = rates[i];
            optimizer.ZeroGrad();
            if (!wasTraining) net.Eval();
        }
    }

    private static LearningRateCurve Sweep(Module net, Loss loss, Optimizer optimizer, Dataset data, double lowest, double highest, int steps, int batchSize, int seed)
    {
        List<double> tried = [], losses = [];
        double average = 0, best = double.PositiveInfinity;
        var loader = new DataLoader(data, batchSize, shuffle: true, seed: seed);
        while (tried.Count < steps)
        {
            foreach (var batch in loader)
            {
                double rate = lowest * Math.Pow(highest / lowest, (double)tried.Count / (steps - 1));
                optimizer.LearningRate = rate;
                optimizer.ZeroGrad();
                var value = loss.Forward(net.Call(batch.Inputs), batch.Targets);
                double number = value.Item();
                average = Smoothing * average + (1 - Smoothing) * number;
                double smooth = average / (1 - Math.Pow(Smoothing, tried.Count + 1));
                if (!double.IsFinite(number) || (tried.Count >= 10 && smooth > Explosion * best)) return Curve(tried, losses);
                best = Math.Min(best, smooth);
                tried.Add(rate);
                losses.Add(smooth);
                if (tried.Count == steps) break;
                value.Backward();
                optimizer.Step();
            }
        }
        return Curve(tried, losses);
    }

    /// <summary>
    /// The steepest fall per factor of the rate. Smoothing shows it late, and at the lowest loss training is already on the brink: hence the tenth.
    /// </summary>
    private static LearningRateCurve Curve(List<double> rates, List<double> losses)
    {
        if (losses.Count < 3) throw new DivergenceException("LearningRateFinder: the loss was not finite from the start. Is there NaN in the data, or is the lowest rate too high?");
        int bottom = losses.IndexOf(losses.Min()), steepest = 0;
        double fall = double.PositiveInfinity;
        for (int i = 1; i < Math.Max(2, bottom); i++)
        {
            double slope = (losses[i + 1] - losses[i - 1]) / Math.Log(rates[i + 1] / rates[i - 1]);
            if (slope < fall) (fall, steepest) = (slope, i);
        }
        return new(rates, losses, Math.Min(rates[steepest], rates[bottom] / 10));
    }
}
