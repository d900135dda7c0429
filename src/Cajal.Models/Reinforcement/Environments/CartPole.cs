namespace Cajal.Models;

/// <summary>
/// A cart balances a pole by being pushed left (0) or right (1) with 10 N, every 20 ms (Barto, Sutton and Anderson 1983; Gymnasium's CartPole-v1). Each step is worth 1, the
/// last one too; the episode ends when the pole leans over 12° or the cart leaves ±2.4 m, and is truncated after 500 steps.
/// </summary>
/// <remarks>
/// State and observation [4]: position x, velocity ẋ, angle θ (0 is upright), angular velocity θ̇; all begin uniform in ±0.05. With F the push, m the pole's mass, M that of
/// both, l half the pole's length: u = (F + m l θ̇² sin θ) / M, θ̈ = (g sin θ - u cos θ) / (l (4/3 - m cos² θ / M)), ẍ = u - m l θ̈ cos θ / M; Euler's method.
/// </remarks>
/// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
public sealed class CartPole(int maxSteps = 500) : TaskEnvironment([4], ActionSpace.Discrete(2), stateSize: 4, maxSteps)
{
    /// <summary>The episode ends where |x| exceeds this, in metres.</summary>
    public const double PositionLimit = 2.4;

    /// <summary>The episode ends where |θ| exceeds this, in radians.</summary>
    public const double AngleLimit = 12 * 2 * Math.PI / 360;

    private const double Gravity = 9.8, PoleMass = 0.1, TotalMass = 1 + PoleMass, HalfLength = 0.5, Push = 10, SecondsPerStep = 0.02, Spread = 0.05;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random)
    {
        for (int i = 0; i < state.Length; i++) state[i] = Spread * (2 * random.NextUniform() - 1);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        double velocity = state[1], turning = state[3];
        var (sin, cos) = Math.SinCos(state[2]);
        double u = ((action[0] == 1 ? Push : -Push) + PoleMass * HalfLength * turning * turning * sin) / TotalMass;
        double angular = (Gravity * sin - cos * u) / (HalfLength * (4.0 / 3 - PoleMass * cos * cos / TotalMass));
        double linear = u - PoleMass * HalfLength * angular * cos / TotalMass;
        state[0] += SecondsPerStep * velocity;
        state[1] += SecondsPerStep * linear;
        state[2] += SecondsPerStep * turning;
        state[3] += SecondsPerStep * angular;
        return (1, Math.Abs(state[0]) > PositionLimit || Math.Abs(state[2]) > AngleLimit);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        for (int i = 0; i < state.Length; i++) observation[i] = (float)state[i];
    }
}
