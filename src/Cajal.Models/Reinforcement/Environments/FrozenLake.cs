namespace Cajal.Models;

/// <summary>
/// Across a frozen lake from the start to the goal, past holes in the ice (Gymnasium's FrozenLake-v1). The goal is worth 1, all else 0; goal and holes end the
/// episode. On slippery ice a step goes where it was meant to go in one case of three, and to either side in the others. Actions: left, down, right, up.
/// </summary>
public sealed class FrozenLake : GridWorld
{
    private static readonly string[] Small = ["SFFF", "FHFH", "FFFH", "HFFG"];
    private static readonly string[] Large = ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"];
    private static readonly (int, int)[] Ways = [(0, -1), (1, 0), (0, 1), (-1, 0)];

    private readonly string cells;
    private readonly bool isSlippery;

    /// <summary>The lake of 4 x 4 cells (truncated after 100 steps) or 8 x 8 (after 200).</summary>
    /// <param name="large">8 x 8 in place of 4 x 4.</param>
    /// <param name="isSlippery">Whether steps may slip sideways.</param>
    public FrozenLake(bool large = false, bool isSlippery = true) : this(large ? Large : Small, isSlippery, large ? 200 : 100)
    {
    }

    /// <summary>A lake of one's own.</summary>
    /// <param name="map">Rows of equal length; S start (once), F ice, H hole, G goal.</param>
    /// <param name="isSlippery">Whether steps may slip sideways.</param>
    /// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
    /// <exception cref="ArgumentException">The map is not such a map.</exception>
    public FrozenLake(IReadOnlyList<string> map, bool isSlippery, int maxSteps) : base(map.Count, Width(map), Checked(map).IndexOf('S'), maxSteps) =>
        (cells, this.isSlippery) = (Checked(map), isSlippery);

    /// <inheritdoc/>
    public override IReadOnlyList<(int Row, int Column)> Directions => Ways;

    /// <summary>What a cell is: S, F, H or G.</summary>
    public char Kind(int cell) => cells[cell];

    private static int Width(IReadOnlyList<string> map) => map.Count == 0 ? 0 : map[0].Length;

    private static string Checked(IReadOnlyList<string> map)
    {
        string all = string.Concat(map);
        if (all.Length == 0 || map.Any(row => row.Length != map[0].Length)) throw new ArgumentException("FrozenLake: the rows of a map must be equally long and not empty.", nameof(map));
        if (all.Any(cell => !"SFHG".Contains(cell)) || all.Count(cell => cell == 'S') != 1) throw new ArgumentException("FrozenLake: a map is made of S (once), F, H and G.", nameof(map));
        return all;
    }

    /// <inheritdoc/>
    private protected override Transition[] Follow(int cell, int action)
    {
        if (Kind(cell) is 'G' or 'H') return [new(1, cell, 0, true)];
        if (!isSlippery) return [To(1, action)];
        return [To(1.0 / 3, (action + 3) % 4), To(1.0 / 3, action), To(1.0 / 3, (action + 1) % 4)];

        Transition To(double probability, int direction)
        {
            int next = Neighbour(cell, direction);
            return new(probability, next, Kind(next) == 'G' ? 1 : 0, Kind(next) is 'G' or 'H');
        }
    }
}
