namespace Cajal.Models;

/// <summary>What a step of an environment brought, beside the next observation.</summary>
/// <param name="Reward">The reward of the step.</param>
/// <param name="Terminated">The task ended: nothing can be earned from here on.</param>
/// <param name="Truncated">The time was up; more could have been earned, so what would have come is still worth estimating (Pardo et al. 2018).</param>
public readonly record struct StepResult(double Reward, bool Terminated, bool Truncated)
{
    /// <summary>Whether the episode is over.</summary>
    public bool Ended => Terminated || Truncated;
}
