namespace Cajal;

/// <summary>Falls along half a cosine: η_min + (η₀ - η_min)(1 + cos(π t / steps)) / 2, and rises again after that (Loshchilov and Hutter 2017).</summary>
/// <param name="steps">Steps from the initial rate to the lowest.</param>
/// <param name="lowest">η_min.</param>
public sealed class CosineSchedule(long steps, double lowest = 0) : Schedule
{
    private readonly long steps = Positive(steps, nameof(steps));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => HalfCosine(initialRate, lowest, (double)step / steps);

    internal static double HalfCosine(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;
}

/// <summary>Half cosines that start again at the initial rate, each <c>growth</c> times as long as the one before (SGDR, Loshchilov and Hutter 2017).</summary>
/// <param name="steps">Length of the first.</param>
/// <param name="growth">1 for equal lengths.</param>
/// <param name="lowest">The rate that each comes down to.</param>
public sealed class WarmRestartSchedule(long steps, int growth = 1, double lowest = 0) : Schedule
{
    private readonly long steps = Positive(steps, nameof(steps));
    private readonly long growth = Positive((long)growth, nameof(growth));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step)
    {
        long length = steps;
        if (growth == 1) step %= length;
        while (step >= length)
        {
            step -= length;
            length *= growth;
        }
        return CosineSchedule.HalfCosine(initialRate, lowest, (double)step / length);
    }
}
