namespace Cajal.Models;

/// <summary>
/// Autoencoder whose decoder uses the encoder's weights, transposed (Vincent et al. 2010): hₗ = f(Wₗ hₗ₋₁ + bₗ) down to the code, then f(Wₗᵀ h + cₗ) back up. Half the weights; without f and biases it is PCA's form.
/// f is the rectifier, and the identity for the code and the result.
/// </summary>
/// <param name="sample">Shape of one sample: [1, 28, 28].</param>
/// <param name="widths">Widths of the encoder's layers, the last that of the code.</param>
public sealed partial class TiedAutoencoder(int[] sample, int[] widths) : Module
{
    private readonly Linear[] encoder = Layers(sample, widths);

    /// <summary>cₗ: what is added on the way back, one for each layer of the encoder.</summary>
    private readonly Parameter[] decoderBias = [.. Sizes(sample, widths)[..^1].Select(size => new Parameter(Tensor.Zeros(Shape.Create(size))))];

    /// <summary>x [N, ...] → codes [N, E].</summary>
    public Tensor Encode(Tensor x)
    {
        var h = x.Flatten(1);
        for (int l = 0; l < encoder.Length; l++)
        {
            h = encoder[l].Call(h);
            if (l < encoder.Length - 1) h = h.Relu();
        }
        return h;
    }

    /// <summary>Codes [N, E] → samples [N, ...].</summary>
    public Tensor Decode(Tensor codes)
    {
        var h = codes;
        for (int l = encoder.Length - 1; l >= 0; l--)
        {
            h = h.Linear(encoder[l].Weight.T, decoderBias[l]);
            if (l > 0) h = h.Relu();
        }
        return h.Reshape([h.Shape[0], .. sample]);
    }

    /// <summary>x [N, ...] → what is left of it after coding, of the same shape.</summary>
    public override Tensor Forward(Tensor x) => Report(x, Decode(Encode(x)));

    private static int[] Sizes(int[] sample, int[] widths)
    {
        if (widths.Length == 0) throw new ArgumentException("TiedAutoencoder: give one width at least, that of the code.", nameof(widths));
        return [sample.Aggregate(1, (product, length) => product * length), .. widths];
    }

    private static Linear[] Layers(int[] sample, int[] widths)
    {
        int[] sizes = Sizes(sample, widths);
        return [.. widths.Select((width, l) => new Linear(sizes[l], width))];
    }
}
