namespace Cajal;

/// <summary>Multiplies the rate by <c>factor</c> every <c>every</c> steps: η₀ γ^⌊t / every⌋.</summary>
/// <param name="every">Steps between two reductions.</param>
/// <param name="factor">γ.</param>
public sealed class StepSchedule(long every, double factor = 0.1) : Schedule
{
    private readonly long every = Positive(every, nameof(every));
    private readonly double factor = Positive(factor, nameof(factor));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * Math.Pow(factor, step / every);
}

/// <summary>Multiplies the rate by <c>factor</c> at each milestone.</summary>
/// <param name="milestones">Steps at which the rate changes; one named twice counts twice.</param>
/// <param name="factor">γ.</param>
public sealed class MilestoneSchedule(IReadOnlyList<long> milestones, double factor = 0.1) : Schedule
{
    private readonly double factor = Positive(factor, nameof(factor));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * Math.Pow(factor, milestones.Count(milestone => milestone <= step));
}

/// <summary>η₀ γᵗ.</summary>
/// <param name="factor">γ.</param>
public sealed class ExponentialSchedule(double factor) : Schedule
{
    private readonly double factor = Positive(factor, nameof(factor));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * Math.Pow(factor, step);
}

/// <summary>Any function of the step: η₀ f(t).</summary>
/// <param name="factor">f.</param>
public sealed class CustomSchedule(Func<long, double> factor) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * factor(step);
}
