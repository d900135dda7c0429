namespace Cajal.Models;

/// <summary>The halves of convolutional autoencoders.</summary>
internal static class ConvolutionalParts
{
    private const int DensePerFilter = 8;

    /// <summary>x [N, channels, side, side] → [N, outputs].</summary>
    internal static Sequential Encoder(string who, int channels, int side, int outputs, int width)
    {
        if (side < 4 || side % 4 != 0) throw new ArgumentException($"{who}.Convolutional: the side of an image is halved twice, so it must be a multiple of 4, not {side}.", nameof(side));
        int flat = 2 * width * (side / 4) * (side / 4);
        return new(new Conv2d(channels, width, 3, stride: 2, padding: 1), new ReLU(), new Conv2d(width, 2 * width, 3, stride: 2, padding: 1), new ReLU(),
            new Flatten(), new Linear(flat, DensePerFilter * width), new ReLU(), new Linear(DensePerFilter * width, outputs));
    }

    /// <summary>[N, inputs] → [N, channels, side, side].</summary>
    internal static Sequential Decoder(int channels, int side, int inputs, int width)
    {
        int quarter = side / 4;
        return new(new Linear(inputs, DensePerFilter * width), new ReLU(), new Linear(DensePerFilter * width, 2 * width * quarter * quarter), new ReLU(),
            new Unflatten([2 * width, quarter, quarter]), new ConvTranspose2d(2 * width, width, 4, stride: 2, padding: 1), new ReLU(), new ConvTranspose2d(width, channels, 4, stride: 2, padding: 1));
    }
}
