namespace Cajal.Models;

/// <summary>
/// A game in pictures of 10 x 10 pixels: a ball falls, a paddle three pixels wide on the lowest row catches it (+1) or not (-1). After Catch of Mnih et al. (2014),
/// with a ball that drifts sideways and rebounds from the walls; these dynamics are the project's own.
/// </summary>
/// <remarks>
/// The ball begins on the top row in a random column and drifts by -1, 0 or 1 columns a step, each equally likely; where the next column would lie outside, the
/// drift turns round first. Actions move the paddle's middle left (0), not at all (1) or right (2), within columns 1 to 8; it begins in a random one of them. The
/// ball falls a row a step, so an episode has 9 steps. Observation [2, 10, 10]: channel 0 shows ball and paddle as ones, channel 1 what channel 0 showed a step
/// before (at first the same), from which the drift can be seen. State [7]: ball row, ball column, drift, paddle, and row, column and paddle a step before.
/// </remarks>
public sealed class Catch() : TaskEnvironment([2, Side, Side], ActionSpace.Discrete(3), stateSize: 7, maxSteps: 0)
{
    /// <summary>Pixels along an edge.</summary>
    public const int Side = 10;

    private const int Reach = 1;

    /// <inheritdoc/>
    protected override void Begin(Span<double> state, Generator random)
    {
        (state[0], state[1], state[2], state[3]) = (0, random.NextInt(Side), random.NextInt(3) - 1, Reach + random.NextInt(Side - 2 * Reach));
        (state[4], state[5], state[6]) = (state[0], state[1], state[3]);
    }

    /// <inheritdoc/>
    protected override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        (state[4], state[5], state[6]) = (state[0], state[1], state[3]);
        if (state[1] + state[2] is < 0 or >= Side) state[2] = -state[2];
        state[0]++;
        state[1] += state[2];
        state[3] = Math.Clamp(state[3] + action[0] - 1, Reach, Side - 1 - Reach);
        if (state[0] < Side - 1) return (0, false);
        return (Math.Abs(state[1] - state[3]) <= Reach ? 1 : -1, true);
    }

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<double> state, Span<float> observation)
    {
        observation.Clear();
        Paint(observation[..(Side * Side)], (int)state[0], (int)state[1], (int)state[3]);
        Paint(observation[(Side * Side)..], (int)state[4], (int)state[5], (int)state[6]);
    }

    private static void Paint(Span<float> picture, int row, int column, int paddle)
    {
        picture[row * Side + column] = 1;
        picture.Slice((Side - 1) * Side + paddle - Reach, 2 * Reach + 1).Fill(1);
    }
}
