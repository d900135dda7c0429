namespace Cajal.Models;

/// <summary>One of the things that can follow an action in a grid world.</summary>
/// <param name="Probability">How likely.</param>
/// <param name="Next">The cell one is in then.</param>
/// <param name="Reward">What it brings.</param>
/// <param name="Terminated">Whether the episode ends.</param>
public readonly record struct Transition(double Probability, int Next, double Reward, bool Terminated);

/// <summary>
/// A task on a grid of cells, each a state, numbered row by row. All that can happen is known, so the best values can be computed (<see cref="ValueIteration"/>) and
/// compared with what was learnt. State and observation [1]: the cell's number.
/// </summary>
public abstract class GridWorld : TaskEnvironment
{
    private Transition[][]? transitions;

    /// <summary>Sets up a grid.</summary>
    /// <param name="rows">Rows of cells.</param>
    /// <param name="columns">Columns of cells.</param>
    /// <param name="start">The cell that episodes begin in.</param>
    /// <param name="maxSteps">Steps after which an episode is truncated; 0: never.</param>
    private protected GridWorld(int rows, int columns, int start, int maxSteps) : base([1], ActionSpace.Discrete(4), stateSize: 1, maxSteps) =>
        (Rows, Columns, StartCell) = (rows, columns, start);

    /// <summary>Rows of cells.</summary>
    public int Rows { get; }

    /// <summary>Columns of cells.</summary>
    public int Columns { get; }

    /// <summary>Cells, that is, states.</summary>
    public int CellCount => Rows * Columns;

    /// <summary>The cell that episodes begin in.</summary>
    public int StartCell { get; }

    /// <summary>The cell one is in.</summary>
    public int Cell => (int)State[0];

    /// <summary>Directions of the four actions as (rows, columns).</summary>
    public abstract IReadOnlyList<(int Row, int Column)> Directions { get; }

    /// <summary>All that can follow from an action in a cell; probabilities add up to 1.</summary>
    public ReadOnlySpan<Transition> Transitions(int cell, int action)
    {
        transitions ??= [.. Enumerable.Range(0, CellCount * Actions.Count).Select(index => Follow(index / Actions.Count, index % Actions.Count))];
        return transitions[cell * Actions.Count + action];
    }

    /// <summary>The best that can be earned from each cell on, V(s) = maxₐ Σ p (r + γ V(s')), iterated until nothing changes by more than 1e-12 (Bellman 1957).</summary>
    /// <param name="discount">γ.</param>
    /// <param name="maxIterations">Where to give up: without discount values may have no bound.</param>
    /// <exception cref="InvalidOperationException">It did not settle.</exception>
    public double[] ValueIteration(double discount, int maxIterations = 100_000)
    {
        const double Settled = 1e-12;
        var values = new double[CellCount];
        for (int i = 0; i < maxIterations; i++)
        {
            double change = 0;
            for (int cell = 0; cell < values.Length; cell++)
            {
                double best = double.NegativeInfinity;
                for (int action = 0; action < Actions.Count; action++) best = Math.Max(best, Expected(cell, action, discount, values));
                change = Math.Max(change, Math.Abs(best - values[cell]));
                values[cell] = best;
            }
            if (change <= Settled) return values;
        }
        throw new InvalidOperationException($"{GetType().Name}: value iteration did not settle within {maxIterations} iterations; a discount below 1 helps.");
    }

    /// <summary>Σ p (r + γ V(s')) over what can follow.</summary>
    internal double Expected(int cell, int action, double discount, ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var next in Transitions(cell, action)) sum += next.Probability * (next.Reward + (next.Terminated ? 0 : discount * values[next.Next]));
        return sum;
    }

    /// <summary>The rule of the grid.</summary>
    private protected abstract Transition[] Follow(int cell, int action);

    /// <summary>The cell one step away, or the same where the grid ends.</summary>
    private protected int Neighbour(int cell, int action)
    {
        var (row, column) = Directions[action];
        return Math.Clamp(cell / Columns + row, 0, Rows - 1) * Columns + Math.Clamp(cell % Columns + column, 0, Columns - 1);
    }

    /// <inheritdoc/>
    protected sealed override void Begin(Span<double> state, Generator random) => state[0] = StartCell;

    /// <inheritdoc/>
    protected sealed override (double Reward, bool Terminated) Advance(Span<double> state, ReadOnlySpan<float> action, Generator random)
    {
        var options = Transitions((int)state[0], (int)action[0]);
        double draw = options.Length == 1 ? 0 : random.NextUniform();
        int chosen = 0;
        // The last takes whatever rounding leaves of the sum.
        for (double sum = options[0].Probability; draw >= sum && chosen < options.Length - 1; sum += options[chosen].Probability) chosen++;
        state[0] = options[chosen].Next;
        return (options[chosen].Reward, options[chosen].Terminated);
    }

    /// <inheritdoc/>
    protected sealed override void Observe(ReadOnlySpan<double> state, Span<float> observation) => observation[0] = (float)state[0];
}
