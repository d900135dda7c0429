namespace Cajal.Experiments;

/// <summary>A goal beside what was measured, over all seeds.</summary>
/// <param name="Goal">What was to be reached.</param>
/// <param name="Mean">Mean over the seeds; this is what counts. NaN if it was not measured.</param>
/// <param name="Least">The smallest of the seeds.</param>
/// <param name="Most">The largest of the seeds.</param>
/// <param name="IsMet">Whether the mean will do.</param>
public sealed record GoalResult(Goal Goal, double Mean, double Least, double Most, bool IsMet)
{
    internal static GoalResult Of(Goal goal, IReadOnlyList<SeedResult> seeds, bool quick)
    {
        double[] values = [.. seeds.Select(seed => seed.Figures.TryGetValue(goal.Name, out double value) ? value : double.NaN)];
        double mean = values.Average();
        return new(goal, mean, values.Min(), values.Max(), goal.IsMet(mean, quick));
    }
}
