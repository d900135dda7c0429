namespace Cajal.Models;

/// <summary>An agent that learns in an environment, round by round. Same seed, same bits.</summary>
public abstract class Learner : IAgent
{
    /// <summary>Steps taken in environments so far.</summary>
    public long Steps { get; private protected set; }

    /// <summary>What was earned in training, while trying things out.</summary>
    public EpisodeReturns Training { get; private protected init; } = null!;

    /// <summary>Everything that is learnt, to be saved.</summary>
    public abstract Module Network { get; }

    /// <summary>One round: some steps in the environment, then whatever is learnt from them.</summary>
    /// <returns>The loss of the last update; NaN where there was none yet.</returns>
    public abstract double Advance();

    /// <inheritdoc/>
    public abstract void Act(ReadOnlySpan<float> observations, Span<float> actions);
}
