namespace Cajal.Models;

/// <summary>
/// Several environments of one kind, stepped together so that a network sees a batch of observations. One whose episode ended begins the next at once; what it showed last is kept in
/// <see cref="LastObservations"/>.
/// </summary>
public sealed class VectorEnvironment
{
    private readonly TaskEnvironment[] environments;
    private readonly float[] observations, last;
    private readonly StepResult[] results;
    private readonly int observationSize, actionSize;

    /// <summary>Makes and resets them.</summary>
    /// <param name="make">Makes one.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Environment i begins with seed + i.</param>
    public VectorEnvironment(Func<TaskEnvironment> make, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        environments = [.. Enumerable.Range(0, count).Select(_ => make())];
        (observationSize, actionSize) = (environments[0].ObservationSize, environments[0].Actions.Size);
        (observations, last, results) = (new float[count * observationSize], new float[count * observationSize], new StepResult[count]);
        for (int i = 0; i < count; i++) environments[i].Reset(seed + i, Row(observations, i));
    }

    /// <summary>How many there are.</summary>
    public int Count => environments.Length;

    /// <summary>The first of them, for its shapes.</summary>
    public TaskEnvironment First => environments[0];

    /// <summary>What is to be acted on, [count, observation size]: of an episode that just ended, the first of the next.</summary>
    public ReadOnlySpan<float> Observations => observations;

    /// <summary>What followed the last step, [count, observation size]: of an episode that just ended, its end.</summary>
    public ReadOnlySpan<float> LastObservations => last;

    /// <summary>What the last step brought.</summary>
    public ReadOnlySpan<StepResult> Results => results;

    /// <summary>Does one action in each.</summary>
    /// <param name="actions">[count, action size].</param>
    public void Step(ReadOnlySpan<float> actions)
    {
        for (int i = 0; i < environments.Length; i++)
        {
            Span<float> seen = Row(last, i), next = Row(observations, i);
            results[i] = environments[i].Step(actions.Slice(i * actionSize, actionSize), seen);
            if (results[i].Ended) environments[i].Reset(next);
            else seen.CopyTo(next);
        }
    }

    private Span<float> Row(float[] all, int i) => all.AsSpan(i * observationSize, observationSize);
}
