namespace Cajal.Models;

/// <summary>What an agent may do: one of several actions, or some real numbers within bounds.</summary>
public sealed record ActionSpace
{
    private ActionSpace(bool isDiscrete, int count, double low, double high) => (IsDiscrete, Count, Low, High) = (isDiscrete, count, low, high);

    /// <summary>Whether an action is one of <see cref="Count"/>, in place of that many real numbers.</summary>
    public bool IsDiscrete { get; }

    /// <summary>How many actions there are to choose from, or how many numbers an action is made of.</summary>
    public int Count { get; }

    /// <summary>The least an action's numbers mean; what lies below acts like it. 0 if discrete.</summary>
    public double Low { get; }

    /// <summary>The most an action's numbers mean; what lies above acts like it. <see cref="Count"/> - 1 if discrete.</summary>
    public double High { get; }

    /// <summary>Numbers that an action takes in a buffer: 1 if discrete, the action's index.</summary>
    public int Size => IsDiscrete ? 1 : Count;

    /// <summary>One of <paramref name="count"/> actions, 0 ... count - 1.</summary>
    public static ActionSpace Discrete(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(true, count, 0, count - 1);
    }

    /// <summary><paramref name="count"/> real numbers in [low, high].</summary>
    public static ActionSpace Continuous(int count, double low, double high)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(low < high)) throw new ArgumentException($"ActionSpace: low must be below high, but low is {low} and high is {high}.");
        return new(false, count, low, high);
    }
}
