namespace Cajal.Models;

/// <summary>
/// Two links hang from a pivot; a torque of -1, 0 or 1 N m (actions 0, 1, 2) at the joint between them must swing the tip above a line one link's length over the
/// pivot (Sutton 1996; Gymnasium's Acrobot-v1). Each step of 0.2 s costs 1 until then; truncated after 500 steps.
/// </summary>
/// <remarks>
/// State [4]: angle θ₁ of the first link (0 hangs down), angle θ₂ of the second against the first, both in [-π, π], and their velocities, held within ±4π and ±9π; all begin uniform in ±0.1.
/// Observation [6]: cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂. The equations of motion are those of Sutton and Barto's book (its appendix and code), moved on by one
/// step of the classical Runge-Kutta method. Links are 1 m long and weigh 1 kg, the centre of mass in the middle, moment of inertia 1 kg m².
/// </remarks>
/// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
public sealed class Acrobot(int maxSteps = 500) : TaskEnvironment([6], ActionSpace.Discrete(3), stateSize: 4, maxSteps)
{
    private const double Mass = 1, Length = 1, Centre = 0.5, Inertia = 1, Gravity = 9.8, SecondsPerStep = 0.2, Spread = 0.1;
    private const double MaxVelocity1 = 4 * Math.PI, MaxVelocity2 = 9 * Math.PI;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random)
    {
        for (int i = 0; i < state.Length; i++) state[i] = Spread * (2 * random.NextUniform() - 1);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        var next = RungeKutta(new(state[0], state[1], state[2], state[3]), action[0] - 1, SecondsPerStep);
        (state[0], state[1]) = (Wrapped(next.Angle1), Wrapped(next.Angle2));
        (state[2], state[3]) = (Math.Clamp(next.Velocity1, -MaxVelocity1, MaxVelocity1), Math.Clamp(next.Velocity2, -MaxVelocity2, MaxVelocity2));
        bool isUp = -Math.Cos(state[0]) - Math.Cos(state[0] + state[1]) > 1;
        return (isUp ? 0 : -1, isUp);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        var (sin1, cos1) = Math.SinCos(state[0]);
        var (sin2, cos2) = Math.SinCos(state[1]);
        (observation[0], observation[1], observation[2], observation[3]) = ((float)cos1, (float)sin1, (float)cos2, (float)sin2);
        (observation[4], observation[5]) = ((float)state[2], (float)state[3]);
    }

    /// <summary>Kinetic and potential energy in joules, 0 where all would lie level with the pivot: kept while no torque acts.</summary>
    internal static double Energy(ReadOnlySpan<double> state)
    {
        var (d1, d2, d3) = MassMatrix(Math.Cos(state[1]));
        double kinetic = 0.5 * d1 * state[2] * state[2] + d2 * state[2] * state[3] + 0.5 * d3 * state[3] * state[3];
        return kinetic - Mass * Gravity * ((Centre + Length) * Math.Cos(state[0]) + Centre * Math.Cos(state[0] + state[1]));
    }

    /// <summary>One step of the classical fourth-order method.</summary>
    internal static Motion RungeKutta(Motion s, double torque, double seconds)
    {
        var k1 = Derivative(s, torque);
        var k2 = Derivative(s.Plus(k1, seconds / 2), torque);
        var k3 = Derivative(s.Plus(k2, seconds / 2), torque);
        var k4 = Derivative(s.Plus(k3, seconds), torque);
        return s.Plus(k1, seconds / 6).Plus(k2, seconds / 3).Plus(k3, seconds / 3).Plus(k4, seconds / 6);
    }

    private static Motion Derivative(Motion s, double torque)
    {
        var (sin2, cos2) = Math.SinCos(s.Angle2);
        var (d1, d2, d3) = MassMatrix(cos2);
        double coupling = Mass * Length * Centre * sin2;
        double weight2 = Mass * Centre * Gravity * Math.Sin(s.Angle1 + s.Angle2);
        double weight1 = Mass * (Centre + Length) * Gravity * Math.Sin(s.Angle1) + weight2;
        double force1 = weight1 - coupling * s.Velocity2 * (s.Velocity2 + 2 * s.Velocity1);
        double acceleration2 = (torque + d2 / d1 * force1 - coupling * s.Velocity1 * s.Velocity1 - weight2) / (d3 - d2 * d2 / d1);
        return new(s.Velocity1, s.Velocity2, -(d2 * acceleration2 + force1) / d1, acceleration2);
    }

    /// <summary>[[d1, d2], [d2, d3]], which takes accelerations to torques.</summary>
    private static (double D1, double D2, double D3) MassMatrix(double cos2) => (
        Mass * Centre * Centre + Mass * (Length * Length + Centre * Centre + 2 * Length * Centre * cos2) + 2 * Inertia,
        Mass * (Centre * Centre + Length * Centre * cos2) + Inertia,
        Mass * Centre * Centre + Inertia);

    private static double Wrapped(double angle)
    {
        while (angle > Math.PI) angle -= 2 * Math.PI;
        while (angle < -Math.PI) angle += 2 * Math.PI;
        return angle;
    }

    /// <summary>Angles and velocities, or their derivatives.</summary>
    internal readonly record struct Motion(double Angle1, double Angle2, double Velocity1, double Velocity2)
    {
        internal Motion Plus(Motion rate, double factor) =>
            new(Angle1 + factor * rate.Angle1, Angle2 + factor * rate.Angle2, Velocity1 + factor * rate.Velocity1, Velocity2 + factor * rate.Velocity2);
    }
}
