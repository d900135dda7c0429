namespace Cajal.Models;

/// <summary>How a DCGAN comes from a small square to the image: side = m · 2ᵏ, with m from 4 to 7 and k doublings.</summary>
internal static class DcganStages
{
    private const int SmallestSquare = 4, LargestSquare = 7, Kernel = 4;
    private const double Deviation = 0.02;

    /// <summary>The small square m and the number of doublings k.</summary>
    /// <exception cref="ArgumentException">The side is no m · 2ᵏ.</exception>
    internal static (int Square, int Doublings) Of(int side, string module)
    {
        int square = side, doublings = 0;
        while (square > LargestSquare && square % 2 == 0) (square, doublings) = (square / 2, doublings + 1);
        if (square is < SmallestSquare or > LargestSquare || doublings == 0)
            throw new ArgumentException($"{module}: side must be m · 2ᵏ with m from {SmallestSquare} to {LargestSquare} and k ≥ 1, such as 8, 28, 32 or 64, not {side}. Pad or resize the images.", nameof(side));
        return (square, doublings);
    }

    /// <summary>Strided convolutions from the image to the small square, then one that covers it: x [N, imageChannels, side, side] → scores [N, 1].</summary>
    internal static Sequential Judge(int channels, int side, int imageChannels, bool batchNorm, string module)
    {
        var (square, doublings) = Of(side, module);
        var layers = new List<Module>();
        int width = imageChannels;
        for (int i = 0; i < doublings; i++)
        {
            int next = channels << i;
            // No normalisation right behind the pixels: Radford et al. found that it lets samples oscillate.
            bool normalise = batchNorm && i > 0;
            layers.Add(new Conv2d(width, next, Kernel, stride: 2, padding: 1, bias: !batchNorm));
            if (normalise) layers.Add(new BatchNorm2d(next));
            layers.Add(new LeakyReLU(0.2));
            width = next;
        }
        layers.Add(new Conv2d(width, 1, square, bias: !batchNorm));
        layers.Add(new Flatten());
        return new([.. layers]);
    }

    /// <summary>The adjoint way: a noise vector [N, latent, 1, 1] to the small square, then transposed convolutions that double it.</summary>
    internal static Sequential Painter(int latent, int channels, int side, int imageChannels)
    {
        var (square, doublings) = Of(side, nameof(DcganGenerator));
        int width = channels << (doublings - 1);
        var layers = new List<Module> { new ConvTranspose2d(latent, width, square, bias: false), new BatchNorm2d(width), new ReLU() };
        for (int i = doublings - 2; i >= 0; i--)
        {
            int next = channels << i;
            layers.Add(new ConvTranspose2d(width, next, Kernel, stride: 2, padding: 1, bias: false));
            layers.Add(new BatchNorm2d(next));
            layers.Add(new ReLU());
            width = next;
        }
        layers.Add(new ConvTranspose2d(width, imageChannels, Kernel, stride: 2, padding: 1, bias: false));
        layers.Add(new Tanh());
        return new([.. layers]);
    }

    /// <summary>Radford et al.'s start: filters from N(0, 0.02²), scales of batch normalisation from N(1, 0.02²).</summary>
    internal static void Start(Module net)
    {
        foreach (var module in net.Modules())
        {
            switch (module)
            {
                case Conv2d conv: conv.Weight.CopyFrom(Tensor.Normal(conv.Weight.Shape, 0, Deviation)); break;
                case ConvTranspose2d conv: conv.Weight.CopyFrom(Tensor.Normal(conv.Weight.Shape, 0, Deviation)); break;
                case BatchNorm2d { Weight: { } scale }: scale.CopyFrom(Tensor.Normal(scale.Shape, 1, Deviation)); break;
            }
        }
    }
}
