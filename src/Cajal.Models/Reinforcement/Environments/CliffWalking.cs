namespace Cajal.Models;

/// <summary>
/// From one end of a cliff to the other, 4 x 12 cells, the cliff along the lower edge (Sutton and Barto 2018, example 6.6; Gymnasium's CliffWalking-v1). A step
/// costs 1; stepping off the cliff costs 100 and leads back to the start; the goal ends the episode. The best return is -13, along the very edge. Actions: up,
/// right, down, left.
/// </summary>
/// <param name="maxSteps">Steps after which an episode is truncated; 0, as in Gymnasium: never.</param>
public sealed class CliffWalking(int maxSteps = 0) : GridWorld(Height, Width, start: (Height - 1) * Width, maxSteps)
{
    private const int Height = 4, Width = 12;
    private static readonly (int, int)[] Ways = [(-1, 0), (0, 1), (1, 0), (0, -1)];

    /// <inheritdoc/>
    public override IReadOnlyList<(int Row, int Column)> Directions => Ways;

    /// <summary>Whether a cell is beyond the edge.</summary>
    public bool IsCliff(int cell) => cell > StartCell && cell < CellCount - 1;

    /// <inheritdoc/>
    private protected override Transition[] Follow(int cell, int action)
    {
        int next = Neighbour(cell, action);
        return [IsCliff(next) ? new(1, StartCell, -100, false) : new(1, next, -1, next == CellCount - 1)];
    }
}
