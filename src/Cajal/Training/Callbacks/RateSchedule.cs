namespace Cajal;

/// <summary>Sets learning rate (and momentum, where the rule has one) by a <see cref="Schedule"/>, by steps of the optimiser or by epochs.</summary>
/// <param name="schedule">The rule.</param>
/// <param name="byEpoch">Whether the rule counts epochs; else it counts steps.</param>
public sealed class RateSchedule(Schedule schedule, bool byEpoch = false) : Callback
{
    /// <inheritdoc/>
    public override void BeforeStep(TrainingContext context) => schedule.Apply(context.Optimizer, byEpoch ? context.Epoch - 1 : context.Step);
}
