namespace Cajal.Models;

/// <summary>Experiences drawn from a <see cref="ReplayBuffer"/>, in rows.</summary>
/// <param name="count">Rows.</param>
/// <param name="observationSize">Numbers in an observation.</param>
public sealed class ReplayBatch(int count, int observationSize)
{
    /// <summary>Rows.</summary>
    public int Count => count;

    /// <summary>What was seen, [count, observation size].</summary>
    public float[] Observations { get; } = new float[count * observationSize];

    /// <summary>What was seen next, [count, observation size].</summary>
    public float[] Next { get; } = new float[count * observationSize];

    /// <summary>Which action was done.</summary>
    public int[] Actions { get; } = new int[count];

    /// <summary>What it brought.</summary>
    public float[] Rewards { get; } = new float[count];

    /// <summary>Whether the task ended there.</summary>
    public bool[] Terminated { get; } = new bool[count];

    /// <summary>How much each row counts in the loss.</summary>
    public float[] Weights { get; } = new float[count];

    /// <summary>Where the rows are kept in the buffer.</summary>
    public int[] Places { get; } = new int[count];
}
