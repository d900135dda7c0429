namespace Cajal.Models;

/// <summary>What keeps most units of a code silent (Lee, Ekanadham and Ng 2008).</summary>
public static class Sparsity
{
    // Below it a unit that is never active would cost infinitely much.
    private const double Least = 1e-6;

    /// <summary>Σⱼ KL(ρ‖ρ̂ⱼ) = Σⱼ ρ log(ρ / ρ̂ⱼ) + (1 - ρ) log((1 - ρ) / (1 - ρ̂ⱼ)) in nats, ρ̂ⱼ the mean of unit j over the batch: codes [N, E] in [0, 1] → one number, 0 where all means are ρ.</summary>
    /// <param name="codes">Activities of logistic units.</param>
    /// <param name="activity">ρ, the share of samples for which a unit should be active, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is out of range.</exception>
    public static Tensor Penalty(Tensor codes, double activity)
    {
        if (!(activity > 0 && activity < 1)) throw new ArgumentOutOfRangeException(nameof(activity), activity, "Sparsity.Penalty: the activity must lie between 0 and 1.");
        var mean = codes.Mean([0]).Clamp(Least, 1 - Least);
        double entropy = activity * Math.Log(activity) + (1 - activity) * Math.Log(1 - activity);
        return (entropy - mean.Log() * activity - (1 - mean).Log() * (1 - activity)).Sum();
    }
}
