namespace Cajal.Models;

/// <summary>What was earned after each step, from the rewards of a rollout: T steps of N environments, laid out [T, N].</summary>
public static class Returns
{
    /// <summary>
    /// Generalised advantage estimation (Schulman et al. 2016): δₜ = rₜ + γ Vₜ' - Vₜ, Aₜ = δₜ + γ λ Aₜ₊₁, where V' is the value of what was seen next: 0 where the
    /// task ended, and A starts anew after every end. λ = 1 gives the return minus V, λ = 0 the one-step error.
    /// </summary>
    /// <param name="steps">Rewards and ends, [T, N].</param>
    /// <param name="environments">N.</param>
    /// <param name="values">V of what was acted on, [T, N].</param>
    /// <param name="nextValues">V of what was seen next, [T, N]; not read where the task ended.</param>
    /// <param name="discount">γ.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="advantages">Receives A, [T, N].</param>
    /// <param name="rewardScale">What rewards are multiplied by.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Advantages(
        ReadOnlySpan<StepResult> steps, int environments, ReadOnlySpan<float> values, ReadOnlySpan<float> nextValues, double discount, double lambda, Span<float> advantages, double rewardScale = 1)
    {
        if (steps.Length != values.Length || steps.Length != nextValues.Length || steps.Length != advantages.Length || environments < 1 || steps.Length % environments != 0)
            throw new ArgumentException(
                $"Advantages: all must be [T, N] with N = {environments}, but there are {steps.Length} steps, {values.Length} values, {nextValues.Length} next values, {advantages.Length} advantages.");
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            var step = steps[i];
            double error = rewardScale * step.Reward + (step.Terminated ? 0 : discount * nextValues[i]) - values[i];
            bool goesOn = !step.Ended && i + environments < steps.Length;
            advantages[i] = (float)(error + (goesOn ? discount * lambda * advantages[i + environments] : 0));
        }
    }

    /// <summary>Brings numbers to mean 0 and variance 1; equal ones to 0.</summary>
    public static void Standardise(Span<float> values)
    {
        const double Tiny = 1e-8;
        double sum = 0, squares = 0;
        foreach (float value in values) sum += value;
        double mean = sum / values.Length;
        foreach (float value in values) squares += (value - mean) * (value - mean);
        double scale = 1 / (Math.Sqrt(squares / values.Length) + Tiny);
        for (int i = 0; i < values.Length; i++) values[i] = (float)((values[i] - mean) * scale);
    }
}
