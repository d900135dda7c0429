namespace Cajal.Models;

/// <summary>
/// Variational autoencoder (Kingma and Welling 2014; Rezende et al. 2014) for black and white images: an encoder that gives a distribution q(z|x) of codes, a decoder that gives the probability of each pixel,
/// p(x|z), and a standard normal prior p(z), from which new images are drawn. Trained by <c>vae.Bound(x).Loss(beta)</c>.
/// </summary>
/// <param name="encoder">x [N, ...] → [N, 2 latents]: μ, then log σ².</param>
/// <param name="decoder">z [N, latents] → logits of the shape of x.</param>
/// <param name="latents">L, numbers in a code.</param>
/// <example><code>
/// var vae = VariationalAutoencoder.Dense([1, 28, 28], hidden: [400, 400], latents: 20);
/// var elbo = vae.Bound(x);                 // elbo.Reconstruction [N], elbo.KlDivergence [N]
/// elbo.Loss().Backward();
/// var images = vae.Sample(16);             // [16, 1, 28, 28]
/// </code></example>
public sealed partial class VariationalAutoencoder(Module encoder, Module decoder, int latents) : Module
{
    private static readonly BceWithLogitsLoss Surprise = new(reduction: Reduction.None);

    /// <summary>L, numbers in a code.</summary>
    public int Latents => latents;

    /// <summary>Dense layers with rectifiers: the encoder's hidden layers in the order given, the decoder's in reverse.</summary>
    /// <param name="sample">Shape of one sample: [1, 28, 28].</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latents">Numbers in a code.</param>
    public static VariationalAutoencoder Dense(int[] sample, int[] hidden, int latents)
    {
        int inputs = sample.Aggregate(1, (product, length) => product * length);
        Sequential encoder = Architectures.Mlp(inputs, 2 * latents, hidden), decoder = Architectures.Mlp(latents, inputs, [.. hidden.Reverse()]);
        return new(encoder, new Sequential([.. decoder, new Unflatten(sample)]), latents);
    }

    /// <summary>Two convolutions of stride 2 and a dense layer, and their mirror image: x [N, channels, side, side].</summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="side">Height and width, a multiple of 4.</param>
    /// <param name="latents">Numbers in a code.</param>
    /// <param name="width">Filters of the first convolution; the second has twice as many, the dense layer eight times.</param>
    /// <exception cref="ArgumentException"><paramref name="side"/> is no multiple of 4.</exception>
    public static VariationalAutoencoder Convolutional(int channels, int side, int latents, int width = 32) => new(
        ConvolutionalParts.Encoder("VariationalAutoencoder", channels, side, 2 * latents, width), ConvolutionalParts.Decoder(channels, side, latents, width), latents);

    /// <summary>q(z|x): x [N, ...] → μ and log σ² [N, L].</summary>
    /// <exception cref="ShapeException">The encoder gives another number of values.</exception>
    public GaussianCode Encode(Tensor x)
    {
        var both = encoder.Call(x);
        if (both.Rank != 2 || both.Shape[1] != 2 * latents) throw new ShapeException($"{Label}: the encoder must give [N, 2 latents] = [N, {2 * latents}], but gave {both.Shape}.");
        return new(both.Narrow(1, 0, latents), both.Narrow(1, latents, latents));
    }

    /// <summary>Logits of the pixels: z [N, L] → [N, ...].</summary>
    /// <exception cref="ShapeException">z has another length.</exception>
    public Tensor Decode(Tensor z)
    {
        if (z.Rank != 2 || z.Shape[1] != latents) throw new ShapeException($"{Label}: z must be [N, latents] = [N, {latents}], but is {z.Shape}.");
        return decoder.Call(z);
    }

    /// <summary>x [N, ...] → probabilities of the pixels for the mean code, of the shape of x.</summary>
    public override Tensor Forward(Tensor x) => Report(x, Decode(Encode(x).Mean).Sigmoid());

    /// <summary>The bound on log p(x) from one code per sample: x [N, ...] in [0, 1] → [N] each. Binarise grey images first, or the likelihood is none.</summary>
    /// <param name="x">Samples.</param>
    /// <param name="generator">Source of the codes; the ambient one by default.</param>
    public Elbo Bound(Tensor x, Generator? generator = null)
    {
        var code = Encode(x);
        return new(LogLikelihood(x, code.Sample(generator)), code.Divergences().Sum([1]));
    }

    /// <summary>
    /// A tighter bound on log p(x) (Burda, Grosse and Salakhutdinov 2016): log 1/K Σ p(x|z) p(z) / q(z|x) over K codes, which rises to log p(x) with K. [N, ...] → [N], in nats.
    /// </summary>
    /// <param name="x">Samples.</param>
    /// <param name="codes">K.</param>
    /// <param name="generator">Source of the codes; the ambient one by default.</param>
    public Tensor ImportanceWeightedBound(Tensor x, int codes, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(codes, 1);
        var code = Encode(x);
        var weights = new Tensor[codes];
        for (int k = 0; k < codes; k++)
        {
            var z = code.Sample(generator);
            weights[k] = LogLikelihood(x, z) + GaussianCode.LogPrior(z) - code.LogDensity(z);
        }
        return Tensor.Stack(weights).LogSumExp([0]) - Math.Log(codes);
    }

    /// <summary>New images: probabilities of the pixels for codes drawn from the prior, [count, ...].</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">Source of the codes; the ambient one by default.</param>
    public Tensor Sample(int count, Generator? generator = null)
    {
        using var noGrad = new NoGrad();
        var type = Parameters().First().DType;
        return Decode(Tensor.Normal(Shape.Create(count, latents), dtype: type, generator: generator)).Sigmoid();
    }

    private Tensor LogLikelihood(Tensor x, Tensor z) => -Surprise.Forward(Decode(z), x).Flatten(1).Sum([1]);
}
