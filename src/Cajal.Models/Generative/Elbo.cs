namespace Cajal.Models;

/// <summary>The evidence lower bound of each sample in its two parts: log p(x) ≥ E[log p(x|z)] - KL(q(z|x)‖p(z)). In nats.</summary>
/// <param name="Reconstruction">log p(x|z), summed over all numbers of a sample, [N]; at most 0 for black and white.</param>
/// <param name="KlDivergence">What the code tells of the sample beyond the prior, [N]; at least 0.</param>
public sealed record Elbo(Tensor Reconstruction, Tensor KlDivergence)
{
    /// <summary>The bound itself, [N].</summary>
    public Tensor Value => Reconstruction - KlDivergence;

    /// <summary>What is minimised: the mean of β KL - log p(x|z). β = 1 is the negative bound; a greater one asks for simpler codes (Higgins et al. 2017).</summary>
    public Tensor Loss(double beta = 1) => (KlDivergence * beta - Reconstruction).Mean();
}
