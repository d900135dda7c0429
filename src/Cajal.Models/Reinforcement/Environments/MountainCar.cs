namespace Cajal.Models;

/// <summary>
/// A car in a valley, too weak to climb out without a swing, is pushed left (0), not at all (1) or right (2) (Moore 1990; Gymnasium's MountainCar-v0). Each step costs 1
/// until the flag at 0.5 is reached; truncated after 200 steps.
/// </summary>
/// <remarks>
/// State and observation [2]: position p in [-1.2, 0.6], beginning uniform in [-0.6, -0.4]; velocity v in ±0.07, beginning at 0. v ← v + 0.001 (action - 1) - 0.0025 cos 3p,
/// p ← p + v, both held within their bounds; the left wall stops the car.
/// </remarks>
/// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
public sealed class MountainCar(int maxSteps = 200) : TaskEnvironment([2], ActionSpace.Discrete(3), stateSize: 2, maxSteps)
{
    /// <summary>Where the flag stands.</summary>
    public const double Goal = 0.5;

    private const double Force = 0.001;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random) => MountainValley.Begin(state, random);

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        MountainValley.Move(state, (action[0] - 1) * Force);
        return (-1, state[0] >= Goal && state[1] >= 0);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation) => (observation[0], observation[1]) = ((float)state[0], (float)state[1]);
}
