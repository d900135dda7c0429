namespace Cajal.Models;

/// <summary>What an encoder believes of each sample's code: independent normal distributions, one for every latent.</summary>
/// <param name="Mean">μ [N, L].</param>
/// <param name="LogVariance">log σ² [N, L].</param>
public sealed record GaussianCode(Tensor Mean, Tensor LogVariance)
{
    /// <summary>z = μ + σ ε with standard normal ε, so that gradients reach μ and σ (Kingma and Welling 2014): [N, L].</summary>
    /// <param name="generator">Source of ε; the ambient one by default.</param>
    public Tensor Sample(Generator? generator = null) => Mean + (LogVariance * 0.5).Exp() * Tensor.Normal(Mean.Shape, dtype: Mean.DType, generator: generator);

    /// <summary>KL(q‖p) to a standard normal p, latent by latent, in nats: (σ² + μ² - 1 - log σ²) / 2, [N, L].</summary>
    public Tensor Divergences() => (LogVariance.Exp() + Mean.Square() - 1 - LogVariance) * 0.5;

    /// <summary>log q(z) in nats: [N, L] → [N].</summary>
    public Tensor LogDensity(Tensor z) => LogNormal((z - Mean).Square() * (-LogVariance).Exp() + LogVariance);

    /// <summary>log p(z) of a standard normal distribution, in nats: [N, L] → [N].</summary>
    public static Tensor LogPrior(Tensor z) => LogNormal(z.Square());

    private static Tensor LogNormal(Tensor exponents) => (exponents + Math.Log(2 * Math.PI)).Sum([1]) * -0.5;
}
