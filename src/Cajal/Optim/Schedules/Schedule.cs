namespace Cajal;

/// <summary>
/// A rule for the learning rate: a pure function of the number of steps taken, so a resumed training goes on exactly. A step is what the caller
/// counts: batches or epochs. In a plain loop: <c>schedule.Apply(optimizer, step)</c> before step 0, 1, 2, ...
/// </summary>
public abstract class Schedule
{
    /// <summary>The learning rate that step <paramref name="step"/> (from 0) uses.</summary>
    /// <param name="initialRate">The rate that the parameter group was made with.</param>
    /// <param name="step">Steps already taken.</param>
    public abstract double RateAt(double initialRate, long step);

    /// <summary>The momentum of that step, or null where the rule leaves it alone.</summary>
    public virtual double? MomentumAt(long step) => null;

    /// <summary>Sets the learning rate of every group, and the momentum where the rule has one.</summary>
    public void Apply(Optimizer optimizer, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        foreach (var group in optimizer.Groups) group.LearningRate = RateAt(group.InitialLearningRate, step);
        if (MomentumAt(step) is { } momentum) optimizer.SetMomentum(momentum);
    }

    private protected static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above zero.");

    private protected static long Positive(long value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");
}
