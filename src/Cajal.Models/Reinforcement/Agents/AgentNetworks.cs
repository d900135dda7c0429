namespace Cajal.Models;

/// <summary>Small networks for agents, built from layers, so that a saved one reloads without code.</summary>
public static class AgentNetworks
{
    /// <summary>
    /// x [N, inputs] → y [N, outputs]: two hidden layers with tanh. Weights begin orthogonal with gain √2, those of the last layer with <paramref name="lastGain"/>,
    /// biases at 0 (Andrychowicz et al. 2021): a policy begins nearly indifferent with a small gain.
    /// </summary>
    /// <param name="inputs">Numbers in an observation.</param>
    /// <param name="outputs">Numbers out.</param>
    /// <param name="width">Width of the hidden layers.</param>
    /// <param name="lastGain">Scale of the last layer's weights.</param>
    public static Sequential TanhMlp(int inputs, int outputs, int width = 64, double lastGain = 1) =>
        new(Dense(inputs, width, Gain.Relu), new Tanh(), Dense(width, width, Gain.Relu), new Tanh(), Dense(width, outputs, lastGain));

    /// <summary>
    /// x [N, C, side, side] → y [N, outputs]: a 3 x 3 convolution of 16 filters, which keeps every pixel's place, and a dense layer of 64; a small form of the
    /// network of Mnih et al. (2015).
    /// </summary>
    /// <param name="channels">C.</param>
    /// <param name="side">Pixels along an edge, at least 3.</param>
    /// <param name="outputs">Actions.</param>
    public static Sequential PixelCnn(int channels, int side, int outputs)
    {
        const int Filters = 16, Width = 64;
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 3);
        return new(new Conv2d(channels, Filters, 3), new ReLU(), new Flatten(), new Linear(Filters * (side - 2) * (side - 2), Width), new ReLU(), new Linear(Width, outputs));
    }

    private static Linear Dense(int inputs, int outputs, double gain)
    {
        var layer = new Linear(inputs, outputs);
        using var scope = new NoGrad();
        layer.Weight.CopyFrom(Initialise.Orthogonal([outputs, inputs], gain));
        layer.Bias!.Fill(0);
        return layer;
    }
}
