namespace Cajal;

/// <summary>
/// Up to a peak and down far below the start, once, with the momentum mirrored (Smith and Topin 2018): start = peak / startDivisor,
/// end = start / endDivisor.
/// </summary>
/// <param name="peak">The highest rate, for every group.</param>
/// <param name="steps">Steps of the whole training.</param>
/// <param name="warmUp">Share of the steps on the way up.</param>
/// <param name="linear">Straight lines instead of half cosines.</param>
/// <param name="threePhases">Come down as slowly as up, then vanish, instead of coming down all the way at once.</param>
/// <param name="startDivisor">Peak over start.</param>
/// <param name="endDivisor">Start over end.</param>
/// <param name="lowMomentum">The momentum at the peak; null leaves momentum alone.</param>
/// <param name="highMomentum">The momentum at both ends.</param>
public sealed class OneCycleSchedule(double peak, long steps, double warmUp = 0.3, bool linear = false, bool threePhases = false,
    double startDivisor = 25, double endDivisor = 1e4, double? lowMomentum = 0.85, double highMomentum = 0.95) : Schedule
{
    private readonly double peak = Positive(peak, nameof(peak)), start = peak / Positive(startDivisor, nameof(startDivisor));
    private readonly long steps = Positive(steps, nameof(steps));

    /// <inheritdoc/>
    public override double RateAt(double initialRate, long step)
    {
        double end = start / endDivisor;
        var (phase, share) = Phase(step);
        return (phase, threePhases) switch
        {
            (0, _) => Between(start, peak, share),
            (1, true) => Between(peak, start, share),
            (1, false) => Between(peak, end, share),
            _ => Between(start, end, share),
        };
    }

    /// <inheritdoc/>
    public override double? MomentumAt(long step)
    {
        if (lowMomentum is not { } low) return null;
        var (phase, share) = Phase(step);
        return phase switch { 0 => Between(highMomentum, low, share), 1 => Between(low, highMomentum, share), _ => highMomentum };
    }

    private (int Phase, double Share) Phase(long step)
    {
        double up = warmUp * steps - 1, last = steps - 1;
        Span<double> ends = threePhases ? [up, 2 * up, last] : [up, last];
        double from = 0;
        int phase = 0;
        for (; phase < ends.Length - 1 && step > ends[phase]; phase++) from = ends[phase];
        return (phase, Math.Clamp((step - from) / (ends[phase] - from), 0, 1));
    }

    private double Between(double from, double to, double share) => linear ? from + (to - from) * share : CosineSchedule.HalfCosine(from, to, share);
}
