namespace Cajal.Models;

/// <summary>
/// The restricted Boltzmann machine with binary visible units: E(v, h) = −bᵀv − cᵀh − hᵀWv, p(v = 1 | h) = σ(b + Wᵀh), p(h = 1 | v) = σ(c + Wv) (Hinton 2002).
/// </summary>
/// <param name="visible">Number of visible units.</param>
/// <param name="hidden">Number of hidden units.</param>
public sealed partial class BernoulliRbm(int visible, int hidden) : RestrictedBoltzmannMachine(visible, hidden, WeightDeviation)
{
    private const double WeightDeviation = 0.01;

    // A pixel that is always black would ask for an infinite bias.
    private const double LeastMean = 1e-3;

    /// <inheritdoc/>
    public override void StartFrom(Tensor data)
    {
        using var scope = new NoGrad();
        VisibleBias.CopyFrom(InputFor(data.Mean(0)));
    }

    internal override double ConstantEnergy => 0;

    internal override Tensor VisibleEnergy(Tensor v) => -v.MatMul(VisibleBias);

    internal override Tensor Statistic(Tensor v) => v;

    internal override Tensor Means(Tensor input) => input.Sigmoid();

    internal override Tensor Sample(Tensor input, Generator? generator) => Bernoulli(input.Sigmoid(), generator);

    internal override Tensor LogNormaliser(Tensor input) => input.Softplus().Sum(-1);

    internal override Tensor InputFor(Tensor means)
    {
        var p = means.Clamp(LeastMean, 1 - LeastMean);
        return (p / (1 - p)).Log();
    }
}
