namespace Cajal.Models;

/// <summary>What the two players of a generative adversarial network minimise. D are scores [N, 1] of a discriminator or critic, softplus(s) = ln(1 + eˢ).</summary>
public static class AdversarialLosses
{
    /// <summary>Keeps the root of the slope's norm differentiable at 0.</summary>
    private const double Epsilon = 1e-12;

    /// <summary>The discriminator's loss of Goodfellow et al. 2014: mean softplus(-D(x)) + mean softplus(D(G(z))), which is -E ln p(x) - E ln(1 - p(G(z))).</summary>
    /// <param name="real">Logits of real images.</param>
    /// <param name="fake">Logits of generated images.</param>
    public static Tensor Discriminator(Tensor real, Tensor fake) => (-real).Softplus().Mean() + fake.Softplus().Mean();

    /// <summary>The generator's non-saturating loss of Goodfellow et al. 2014: mean softplus(-D(G(z))), which is -E ln p(G(z)).</summary>
    /// <param name="fake">Logits of generated images.</param>
    public static Tensor Generator(Tensor fake) => (-fake).Softplus().Mean();

    /// <summary>The critic's loss of Arjovsky et al. 2017, without a penalty: E D(G(z)) - E D(x). Its negative estimates Wasserstein's distance.</summary>
    /// <param name="real">Scores of real images.</param>
    /// <param name="fake">Scores of generated images.</param>
    public static Tensor Critic(Tensor real, Tensor fake) => fake.Mean() - real.Mean();

    /// <summary>
    /// E (‖∇D(x̂)‖₂ - 1)² at points x̂ = u x + (1 - u) G(z) between real and generated images, u uniform in [0, 1) for each pair (Gulrajani et al. 2017, with weight λ = 10). It is differentiated
    /// by the critic's parameters, hence twice through the critic.
    /// </summary>
    /// <param name="critic">x [N, ...] → scores [N, 1]; it must treat images independently, so no batch normalisation in training mode.</param>
    /// <param name="real">Real images [N, ...].</param>
    /// <param name="fake">Generated images [N, ...].</param>
    /// <param name="random">Where u comes from; the ambient generator when null.</param>
    /// <exception cref="ShapeException">Real and generated images differ in shape.</exception>
    public static Tensor GradientPenalty(Func<Tensor, Tensor> critic, Tensor real, Tensor fake, Generator? random = null)
    {
        if (real.Shape != fake.Shape) throw new ShapeException($"GradientPenalty: real images {real.Shape} and generated ones {fake.Shape} must come in pairs, so their shapes must be equal.");
        int[] each = new int[real.Rank];
        Array.Fill(each, 1);
        each[0] = real.Shape[0];
        var share = Tensor.Uniform(Shape.Create(each), dtype: real.DType, generator: random);
        var between = (fake + (real - fake) * share).Detach().WithGrad();
        var slope = Differentiate.Grad(critic(between).Sum(), [between], createGraph: true)[0];
        var norm = (slope.Flatten(1).Square().Sum(1) + Epsilon).Sqrt();
        return (norm - 1).Square().Mean();
    }
}
