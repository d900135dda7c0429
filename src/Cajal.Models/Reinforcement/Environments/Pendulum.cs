namespace Cajal.Models;

/// <summary>
/// A pendulum is swung up and held by a torque of at most 2 N m, too weak to lift it at once (Gymnasium's Pendulum-v1). A step of 50 ms costs θ² + 0.1 θ̇² + 0.001 u², so the
/// best is 0 and the worst about -16.3; truncated after 200 steps, never terminated.
/// </summary>
/// <remarks>
/// State [2]: angle θ (0 is upright, uniform in ±π at first) and velocity θ̇ (uniform in ±1 at first, held within ±8). Observation [3]: cos θ, sin θ, θ̇.
/// θ̇ ← θ̇ + (3g/(2l) sin θ + 3u/(m l²)) · 0.05, then θ ← θ + 0.05 θ̇, with g = 10 m/s², m = 1 kg, l = 1 m. The cost is that of the state before the step, with θ brought into ±π.
/// </remarks>
/// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
public sealed class Pendulum(int maxSteps = 200) : TaskEnvironment([3], ActionSpace.Continuous(1, -2, 2), stateSize: 2, maxSteps)
{
    private const double Gravity = 10, SecondsPerStep = 0.05, MaxSpeed = 8;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random) => (state[0], state[1]) = (Math.PI * (2 * random.NextUniform() - 1), 2 * random.NextUniform() - 1);

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        double torque = Math.Clamp(action[0], Actions.Low, Actions.High), angle = Math.IEEERemainder(state[0], 2 * Math.PI);
        double cost = angle * angle + 0.1 * state[1] * state[1] + 0.001 * torque * torque;
        state[1] = Math.Clamp(state[1] + (1.5 * Gravity * Math.Sin(state[0]) + 3 * torque) * SecondsPerStep, -MaxSpeed, MaxSpeed);
        state[0] += state[1] * SecondsPerStep;
        return (-cost, false);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        var (sin, cos) = Math.SinCos(state[0]);
        (observation[0], observation[1], observation[2]) = ((float)cos, (float)sin, (float)state[1]);
    }
}
