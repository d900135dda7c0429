namespace Cajal.Models;

/// <summary>
/// The car in the valley, pushed by any force a in [-1, 1] (Gymnasium's MountainCarContinuous-v0). A step costs 0.1 a², reaching the flag at 0.45 is worth 100; truncated
/// after 999 steps.
/// </summary>
/// <remarks>State and observation as in <see cref="MountainCar"/>; v ← v + 0.0015 a - 0.0025 cos 3p. The cost is that of the action asked for, even where it exceeds the bounds.</remarks>
/// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
public sealed class MountainCarContinuous(int maxSteps = 999) : TaskEnvironment([2], ActionSpace.Continuous(1, -1, 1), stateSize: 2, maxSteps)
{
    /// <summary>Where the flag stands.</summary>
    public const double Goal = 0.45;

    private const double Power = 0.0015;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random) => MountainValley.Begin(state, random);

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        double force = action[0];
        MountainValley.Move(state, Math.Clamp(force, -1, 1) * Power);
        bool arrived = state[0] >= Goal && state[1] >= 0;
        return ((arrived ? 100 : 0) - 0.1 * force * force, arrived);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation) => (observation[0], observation[1]) = ((float)state[0], (float)state[1]);
}
