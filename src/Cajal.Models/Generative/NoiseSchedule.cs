namespace Cajal.Models;

/// <summary>
/// How an image turns into noise over T steps: x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε with ε from N(0, I), ᾱ_t the product of 1 - β up to step t. Steps count from 0, as in code, so that ᾱ_0 is nearly 1 and
/// ᾱ_(T-1) nearly 0. Kept in double precision: near the end ᾱ is a product of a thousand factors.
/// </summary>
public sealed class NoiseSchedule
{
    private const double LargestBeta = 0.999;
    private readonly double[] betas, signals;

    /// <summary>A schedule of one's own.</summary>
    /// <param name="betas">β_t of every step, each in (0, 1): the share of the variance that is replaced by noise.</param>
    /// <exception cref="ArgumentException">There is none, or one lies outside (0, 1).</exception>
    public NoiseSchedule(ReadOnlySpan<double> betas)
    {
        if (betas.Length == 0) throw new ArgumentException("NoiseSchedule: there must be at least one step.", nameof(betas));
        this.betas = betas.ToArray();
        signals = new double[betas.Length];
        double product = 1;
        for (int t = 0; t < betas.Length; t++)
        {
            if (!(betas[t] is > 0 and < 1)) throw new ArgumentException($"NoiseSchedule: β must lie between 0 and 1, but that of step {t} is {betas[t]}.", nameof(betas));
            signals[t] = product *= 1 - betas[t];
        }
    }

    /// <summary>T.</summary>
    public int Steps => betas.Length;

    /// <summary>β_t, [T].</summary>
    public ReadOnlySpan<double> Betas => betas;

    /// <summary>ᾱ_t, [T]: the share of an image's variance that is left at step t.</summary>
    public ReadOnlySpan<double> Signals => signals;

    /// <summary>β rises along a straight line (Ho, Jain and Abbeel 2020, whose values suit T = 1,000).</summary>
    /// <param name="steps">T.</param>
    /// <param name="first">β of the first step.</param>
    /// <param name="last">β of the last.</param>
    public static NoiseSchedule Linear(int steps = 1000, double first = 1e-4, double last = 0.02)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var betas = new double[steps];
        for (int t = 0; t < steps; t++) betas[t] = steps == 1 ? first : first + (last - first) * t / (steps - 1);
        return new(betas);
    }

    /// <summary>
    /// ᾱ falls like cos²(π/2 (t/T + s)/(1 + s)) (Nichol and Dhariwal 2021), with β at most 0.999. Small images keep their shape longer than under <see cref="Linear"/>, whose last quarter is
    /// nearly pure noise for them.
    /// </summary>
    /// <param name="steps">T.</param>
    /// <param name="offset">s, which keeps the first β from vanishing.</param>
    public static NoiseSchedule Cosine(int steps = 1000, double offset = 0.008)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var betas = new double[steps];
        for (int t = 0; t < steps; t++) betas[t] = Math.Min(1 - At(t + 1) / At(t), LargestBeta);
        return new(betas);

        double At(int t) => Math.Pow(Math.Cos(Math.PI / 2 * ((double)t / steps + offset) / (1 + offset)), 2);
    }
}
