namespace Cajal;

/// <summary>Moves an image by whole pixels, up to a share of its size each way; what moves in is 0.</summary>
/// <param name="fraction">Largest shift as a share of height and width, 0 to 1: 0.1 moves a 28 x 28 image by up to 2 pixels.</param>
public sealed class RandomShift(double fraction) : ImageTransform
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        int maxY = (int)(fraction * size.Height), maxX = (int)(fraction * size.Width);
        int dy = random.NextInt(2 * maxY + 1) - maxY, dx = random.NextInt(2 * maxX + 1) - maxX;
        Pixels.CopyShifted(source, destination, size, size, dy, dx);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomShift({fraction})";
}

/// <summary>Rotation, scaling and shift in one bilinear resampling: sharper and quicker than three in a row. Outside lies 0.</summary>
/// <param name="degrees">Rotation about the centre, uniform in [-degrees, degrees].</param>
/// <param name="scale">Zoom factor, uniform in [1 - scale, 1 + scale]; below 1.</param>
/// <param name="shift">Shift, uniform in [-shift, shift] of height and width.</param>
public class RandomAffine(double degrees = 0, double scale = 0, double shift = 0) : ImageTransform
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        double angle = Pixels.Symmetric(random) * degrees * Math.PI / 180;
        double zoom = 1 / Math.Max(1e-3, 1 + Pixels.Symmetric(random) * scale);
        double dy = Pixels.Symmetric(random) * shift * size.Height, dx = Pixels.Symmetric(random) * shift * size.Width;
        (double sin, double cos) = Math.SinCos(angle);
        Resampling.Affine(
            source, destination, size, (float)(cos * zoom), (float)(-sin * zoom), (float)(sin * zoom), (float)(cos * zoom), (float)dy, (float)dx);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomAffine({degrees}, {scale}, {shift})";
}

/// <summary>Rotates about the centre by an angle uniform in [-degrees, degrees]; bilinear, 0 outside.</summary>
/// <param name="degrees">Largest angle.</param>
public sealed class RandomRotate(double degrees) : RandomAffine(degrees)
{
}

/// <summary>Zooms about the centre by a factor uniform in [1 - amount, 1 + amount]; bilinear, 0 outside.</summary>
/// <param name="amount">Below 1.</param>
public sealed class RandomScale(double amount) : RandomAffine(scale: amount)
{
}

/// <summary>Pads with zeros, then cuts out a random window.</summary>
/// <param name="padding">Zero rows and columns added on each side.</param>
/// <param name="height">Height of the window; default the image's.</param>
/// <param name="width">Width of the window; default the image's.</param>
public sealed class RandomCrop(int padding, int? height = null, int? width = null) : ImageTransform
{
    /// <inheritdoc/>
    public override ImageSize OutputSize(ImageSize input)
    {
        ImageSize output = new(input.Channels, height ?? input.Height, width ?? input.Width);
        return output.Height <= input.Height + 2 * padding && output.Width <= input.Width + 2 * padding
            ? output
            : throw new ShapeException($"RandomCrop: the window {output} is larger than the padded image; image {input}, padding {padding}.");
    }

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        ImageSize output = OutputSize(size);
        int top = random.NextInt(size.Height + 2 * padding - output.Height + 1) - padding;
        int left = random.NextInt(size.Width + 2 * padding - output.Width + 1) - padding;
        Pixels.CopyShifted(source, destination, size, output, -top, -left);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomCrop({padding})";
}

/// <summary>Mirrors left to right.</summary>
/// <param name="probability">Share of the images mirrored.</param>
public sealed class RandomHorizontalFlip(double probability = 0.5) : ImageTransform
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        source.CopyTo(destination);
        if (random.NextUniform() < probability)
        {
            for (int row = 0; row < size.Channels * size.Height; row++)
            {
                destination.Slice(row * size.Width, size.Width).Reverse();
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomHorizontalFlip({probability})";
}

/// <summary>Bends an image as if drawn on rubber: every pixel moves by a random field, smoothed with a Gaussian.</summary>
/// <remarks>Source: Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks" (they use alpha 34, sigma 4 on 29 x 29).</remarks>
/// <param name="alpha">Strength of the field, in pixels before smoothing.</param>
/// <param name="sigma">Width of the Gaussian, in pixels.</param>
public sealed class ElasticDeformation(double alpha = 34, double sigma = 4) : ImageTransform
{
    private readonly float[] kernel = Pixels.GaussianKernel(sigma);

    [ThreadStatic]
    private static float[]? scratch;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        int plane = size.Height * size.Width;
        float[] room = scratch is { } kept && kept.Length >= 3 * plane ? kept : scratch = new float[3 * plane];
        Span<float> dy = room.AsSpan(0, plane), dx = room.AsSpan(plane, plane), between = room.AsSpan(2 * plane, plane);
        Span<float> field = room.AsSpan(0, 2 * plane);
        random.FillUniform(field, -1, 1);
        System.Numerics.Tensors.TensorPrimitives.Multiply(field, (float)alpha, field);
        Pixels.Blur(dy, between, size.Height, size.Width, kernel);
        Pixels.Blur(dx, between, size.Height, size.Width, kernel);
        Resampling.Displace(source, destination, size, dy, dx);
    }

    /// <inheritdoc/>
    public override string ToString() => $"ElasticDeformation({alpha}, {sigma})";
}
