namespace Cajal.Experiments;

/// <summary>What an experiment gave.</summary>
/// <param name="Experiment">Which it was.</param>
/// <param name="Quick">Whether it was the quick form.</param>
/// <param name="Seeds">What each seed gave.</param>
/// <param name="Goals">Every goal beside what was measured.</param>
/// <param name="PeakMemory">The most memory the process has held so far, in bytes.</param>
/// <param name="Record">The file with all of this, as an absolute path.</param>
public sealed record ExperimentResult(Experiment Experiment, bool Quick, IReadOnlyList<SeedResult> Seeds, IReadOnlyList<GoalResult> Goals, long PeakMemory, string Record)
{
    /// <summary>Whether every goal that counts is met.</summary>
    public bool IsMet => Goals.All(goal => goal.IsMet);

    /// <summary>Mean time of a seed.</summary>
    public TimeSpan TimePerSeed => TimeSpan.FromSeconds(Seeds.Average(seed => seed.Elapsed.TotalSeconds));
}
