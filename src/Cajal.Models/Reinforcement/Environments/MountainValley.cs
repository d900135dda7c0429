namespace Cajal.Models;

/// <summary>What both mountain cars share: the valley, its walls, and where they begin.</summary>
internal static class MountainValley
{
    private const double Left = -1.2, Right = 0.6, MaxSpeed = 0.07, Gravity = 0.0025;

    internal static void Begin(Span<double> state, Generator random) => (state[0], state[1]) = (-0.6 + 0.2 * random.NextUniform(), 0);

    internal static void Move(Span<double> state, double push)
    {
        double velocity = Math.Clamp(state[1] + push - Gravity * Math.Cos(3 * state[0]), -MaxSpeed, MaxSpeed);
        double position = Math.Clamp(state[0] + velocity, Left, Right);
        (state[0], state[1]) = (position, position == Left && velocity < 0 ? 0 : velocity);
    }
}
