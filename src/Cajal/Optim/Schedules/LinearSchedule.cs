namespace Cajal;

/// <summary>A straight line of factors over <c>steps</c> steps, then constant: a warm-up from 0.1 to 1, or a way down.</summary>
/// <param name="steps">Length of the line.</param>
/// <param name="from">The factor on the initial rate at step 0.</param>
/// <param name="to">The factor from <paramref name="steps"/> on.</param>
public sealed class LinearSchedule(long steps, double from, double to = 1) : Schedule
{
    private readonly long steps = Positive(steps, nameof(steps));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * (from + (to - from) * Math.Min(step, steps) / steps);
}

/// <summary>A factor for the first steps, then the initial rate.</summary>
/// <param name="steps">How long.</param>
/// <param name="factor">The factor.</param>
public sealed class ConstantSchedule(long steps, double factor) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => step < steps ? initialRate * factor : initialRate;
}

/// <summary>η₀ (1 - t / steps)^power, 0 afterwards.</summary>
/// <param name="steps">Steps to zero.</param>
/// <param name="power">1 for a straight line.</param>
public sealed class PolynomialSchedule(long steps, double power = 1) : Schedule
{
    private readonly long steps = Positive(steps, nameof(steps));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step) => initialRate * Math.Pow(1 - (double)Math.Min(step, steps) / steps, power);
}

/// <summary>A saw between two rates (Smith 2017).</summary>
/// <param name="lowest">Where each cycle starts and ends.</param>
/// <param name="highest">Its peak.</param>
/// <param name="stepsUp">Steps from the one to the other.</param>
/// <param name="stepsDown">Steps back; as many when null.</param>
public sealed class CyclicSchedule(double lowest, double highest, long stepsUp, long? stepsDown = null) : Schedule
{
    private readonly long stepsUp = Positive(stepsUp, nameof(stepsUp)), stepsDown = Positive(stepsDown ?? stepsUp, nameof(stepsDown));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step)
    {
        long at = step % (stepsUp + stepsDown);
        return lowest + (highest - lowest) * (at <= stepsUp ? (double)at / stepsUp : (double)(stepsUp + stepsDown - at) / stepsDown);
    }
}

/// <summary>One schedule after another, each counting its own steps: <c>new SequentialSchedule((warmUp, 500), (cosine, 9_500))</c>.</summary>
/// <param name="parts">The schedules and how long each lasts; the last goes on.</param>
public sealed class SequentialSchedule(params (Schedule Schedule, long Steps)[] parts) : Schedule
{
    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step)
    {
        var (schedule, at) = Find(step);
        return schedule.RateAt(initialRate, at);
    }

    /// <inheritdoc/>
    public override double? MomentumAt(long step)
    {
        var (schedule, at) = Find(step);
        return schedule.MomentumAt(at);
    }

    private (Schedule Schedule, long Step) Find(long step)
    {
        if (parts.Length == 0) throw new InvalidOperationException("SequentialSchedule: it has no parts.");
        foreach (var (schedule, steps) in parts.AsSpan(0, parts.Length - 1))
        {
            if (step < steps) return (schedule, step);
            step -= steps;
        }
        return (parts[^1].Schedule, step);
    }
}
