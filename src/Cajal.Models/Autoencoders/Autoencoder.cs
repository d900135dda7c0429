namespace Cajal.Models;

/// <summary>
/// Autoencoder (Rumelhart, Hinton and Williams 1986; Hinton and Salakhutdinov 2006): an encoder that makes a short code, a decoder that gives the sample back. Train it with the sample as target;
/// with a spoilt sample as input it learns to clean (denoising: Vincent et al. 2008).
/// </summary>
/// <param name="encoder">x [N, ...] → codes [N, E].</param>
/// <param name="decoder">Codes [N, E] → the shape of x.</param>
public sealed partial class Autoencoder(Module encoder, Module decoder) : Module
{
    /// <summary>Dense layers with rectifiers: the encoder's hidden layers in the order given, the decoder's in reverse; the last layer is linear.</summary>
    /// <param name="sample">Shape of one sample: [1, 28, 28].</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="code">Numbers in a code.</param>
    public static Autoencoder Dense(int[] sample, int[] hidden, int code)
    {
        int inputs = sample.Aggregate(1, (product, length) => product * length);
        return new(Architectures.Mlp(inputs, code, hidden), new Sequential([.. Architectures.Mlp(code, inputs, [.. hidden.Reverse()]), new Unflatten(sample)]));
    }

    /// <summary>Two convolutions of stride 2 and a dense layer, and their mirror image: x [N, channels, side, side].</summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="side">Height and width, a multiple of 4.</param>
    /// <param name="code">Numbers in a code.</param>
    /// <param name="width">Filters of the first convolution; the second has twice as many, the dense layer eight times.</param>
    /// <exception cref="ArgumentException"><paramref name="side"/> is no multiple of 4.</exception>
    public static Autoencoder Convolutional(int channels, int side, int code, int width = 16) =>
        new(ConvolutionalParts.Encoder("Autoencoder", channels, side, code, width), ConvolutionalParts.Decoder(channels, side, code, width));

    /// <summary>One hidden layer of logistic units, which may be more than the inputs if <see cref="Sparsity"/> keeps most of them silent: x [N, ...] → codes [N, units] in (0, 1).</summary>
    /// <param name="sample">Shape of one sample: [1, 28, 28].</param>
    /// <param name="units">Numbers in a code.</param>
    public static Autoencoder Sparse(int[] sample, int units)
    {
        int inputs = sample.Aggregate(1, (product, length) => product * length);
        return new(new Sequential(new Flatten(), new Linear(inputs, units), new Sigmoid()), new Sequential(new Linear(units, inputs), new Unflatten(sample)));
    }

    /// <summary>x [N, ...] → codes [N, E].</summary>
    public Tensor Encode(Tensor x) => encoder.Call(x);

    /// <summary>Codes [N, E] → samples [N, ...].</summary>
    public Tensor Decode(Tensor codes) => decoder.Call(codes);

    /// <summary>x [N, ...] → what is left of it after coding, of the same shape.</summary>
    public override Tensor Forward(Tensor x) => Report(x, Decode(Encode(x)));
}
