namespace Cajal;

/// <summary>
/// Lowers the learning rate when a measure has stopped getting better. It has a memory, so it is no <see cref="Schedule"/>: call
/// <see cref="Report"/> once an epoch, and save <see cref="State"/> with a checkpoint.
/// </summary>
/// <param name="optimizer">Whose rates are lowered.</param>
/// <param name="higherIsBetter">For an accuracy; false for a loss.</param>
/// <param name="factor">The rate is multiplied by this.</param>
/// <param name="patience">Reports without an improvement that are put up with.</param>
/// <param name="threshold">The least change that counts as one.</param>
/// <param name="relative">Whether the threshold is a share of the best value.</param>
/// <param name="cooldown">Reports after a reduction that are not counted.</param>
/// <param name="lowest">The rate does not go below this.</param>
/// <param name="leastChange">Smaller reductions of the rate are left out.</param>
public sealed class PlateauSchedule(Optimizer optimizer, bool higherIsBetter = false, double factor = 0.1, int patience = 10, double threshold = 1e-4,
    bool relative = true, int cooldown = 0, double lowest = 0, double leastChange = 1e-8)
{
    /// <summary>What it remembers between reports.</summary>
    /// <param name="Best">The best value so far.</param>
    /// <param name="BadReports">Reports since then.</param>
    /// <param name="CooldownLeft">Reports that will not be counted.</param>
    public readonly record struct Memory(double Best, int BadReports, int CooldownLeft);

    private readonly double factor = factor is > 0 and < 1 ? factor : throw new ArgumentOutOfRangeException(nameof(factor), factor, "PlateauSchedule: the factor must lie between 0 and 1.");

    /// <summary>What it remembers; set it to go on from a checkpoint.</summary>
    public Memory State { get; set; } = new(higherIsBetter ? double.NegativeInfinity : double.PositiveInfinity, 0, 0);

    /// <summary>Tells the latest value; lowers the rates if it is time. NaN counts as worse.</summary>
    /// <returns>Whether the rates were lowered.</returns>
    public bool Report(double value)
    {
        var (best, bad, cooling) = State;
        if (Better(value, best)) (best, bad) = (value, 0);
        else bad++;
        if (cooling > 0) (cooling, bad) = (cooling - 1, 0);
        bool lower = bad > patience;
        if (lower)
        {
            Lower();
            (cooling, bad) = (cooldown, 0);
        }
        State = new(best, bad, cooling);
        return lower;
    }

    private void Lower()
    {
        foreach (var group in optimizer.Groups)
        {
            double next = Math.Max(group.LearningRate * factor, lowest);
            if (group.LearningRate - next > leastChange) group.LearningRate = next;
        }
    }

    private bool Better(double value, double best)
    {
        if (double.IsInfinity(best)) return higherIsBetter ? value > best : value < best;
        double margin = relative ? threshold * Math.Abs(best) : threshold;
        return higherIsBetter ? value > best + margin : value < best - margin;
    }
}
