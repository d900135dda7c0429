namespace Cajal.Models;

/// <summary>The last experiences of an agent with discrete actions, drawn uniformly with replacement (Lin 1992; Mnih et al. 2015). The oldest give way to new ones.</summary>
/// <param name="capacity">How many are kept.</param>
/// <param name="observationSize">Numbers in an observation.</param>
public class ReplayBuffer(int capacity, int observationSize)
{
    private readonly float[] observations = new float[Checked(capacity, observationSize)], next = new float[capacity * observationSize], rewards = new float[capacity];
    private readonly int[] actions = new int[capacity];
    private readonly bool[] terminated = new bool[capacity];
    private int position;

    /// <summary>How many are kept at most.</summary>
    public int Capacity => capacity;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Keeps one experience.</summary>
    /// <param name="observation">What was seen.</param>
    /// <param name="action">What was done.</param>
    /// <param name="reward">What it brought.</param>
    /// <param name="seenNext">What was seen next, in the same episode.</param>
    /// <param name="ended">Whether the task ended there (not: whether the time was up).</param>
    public void Add(ReadOnlySpan<float> observation, int action, double reward, ReadOnlySpan<float> seenNext, bool ended)
    {
        observation.CopyTo(Row(observations, position));
        seenNext.CopyTo(Row(next, position));
        (actions[position], rewards[position], terminated[position]) = (action, (float)reward, ended);
        Added(position);
        position = (position + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    /// <summary>Fills a batch with experiences.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public void Sample(ReplayBatch batch, Generator random)
    {
        if (Count == 0) throw new InvalidOperationException("ReplayBuffer: there is nothing to draw from yet; Add first.");
        Draw(batch.Places, batch.Weights, random);
        for (int i = 0; i < batch.Count; i++)
        {
            int place = batch.Places[i];
            Row(observations, place).CopyTo(Row(batch.Observations, i));
            Row(next, place).CopyTo(Row(batch.Next, i));
            (batch.Actions[i], batch.Rewards[i], batch.Terminated[i]) = (actions[place], rewards[place], terminated[place]);
        }
    }

    /// <summary>Tells how wrong the agent was about the rows of a batch. Uniform drawing does not care.</summary>
    /// <param name="batch">As it was drawn.</param>
    /// <param name="errors">The temporal-difference error of each row.</param>
    public virtual void Update(ReplayBatch batch, ReadOnlySpan<float> errors)
    {
    }

    /// <summary>A place was given to a new experience.</summary>
    private protected virtual void Added(int place)
    {
    }

    /// <summary>Chooses places, and how much each counts.</summary>
    private protected virtual void Draw(Span<int> places, Span<float> weights, Generator random)
    {
        random.FillIntegers(places, 0, Count);
        weights.Fill(1);
    }

    private Span<float> Row(float[] all, int i) => all.AsSpan(i * observationSize, observationSize);

    private static int Checked(int capacity, int observationSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(observationSize, 1);
        if ((long)capacity * observationSize > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"ReplayBuffer: {capacity} observations of {observationSize} numbers are too many; keep fewer.");
        return capacity * observationSize;
    }
}
