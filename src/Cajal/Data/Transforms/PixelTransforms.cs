namespace Cajal;

/// <summary>Sets a square at a random place to 0; the square may hang over the edge.</summary>
/// <remarks>Source: DeVries and Taylor 2017, arXiv:1708.04552.</remarks>
/// <param name="side">Side of the square in pixels.</param>
public sealed class Cutout(int side) : ImageTransform
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        source.CopyTo(destination);
        int top = random.NextInt(size.Height) - side / 2, left = random.NextInt(size.Width) - side / 2;
        int firstX = Math.Max(0, left), lastX = Math.Min(size.Width, left + side);
        for (int c = 0; c < size.Channels; c++)
        {
            for (int y = Math.Max(0, top); y < Math.Min(size.Height, top + side); y++)
            {
                destination.Slice((c * size.Height + y) * size.Width + firstX, lastX - firstX).Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Cutout({side})";
}

/// <summary>Adds independent Gaussian noise to every value.</summary>
/// <param name="standardDeviation">In units of the pixel values.</param>
public sealed class GaussianNoise(double standardDeviation) : ImageTransform
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, Generator random)
    {
        random.FillNormal(destination, 0, (float)standardDeviation);
        System.Numerics.Tensors.TensorPrimitives.Add(destination, source, destination);
    }

    /// <inheritdoc/>
    public override string ToString() => $"GaussianNoise({standardDeviation})";
}

/// <summary>Loops over pixels that several transforms share.</summary>
internal static class Pixels
{
    /// <summary>Uniform in [-1, 1).</summary>
    internal static double Symmetric(Generator random) => 2 * random.NextUniform() - 1;

    /// <summary>destination(y, x) = source(y - dy, x - dx), 0 outside; the two may differ in height and width.</summary>
    internal static void CopyShifted(ReadOnlySpan<float> source, Span<float> destination, ImageSize from, ImageSize to, int dy, int dx)
    {
        int firstX = Math.Clamp(dx, 0, to.Width), lastX = Math.Clamp(from.Width + dx, firstX, to.Width);
        for (int c = 0; c < to.Channels; c++)
        {
            for (int y = 0; y < to.Height; y++)
            {
                Span<float> row = destination.Slice((c * to.Height + y) * to.Width, to.Width);
                row.Clear();
                if ((uint)(y - dy) < (uint)from.Height && lastX > firstX)
                {
                    source.Slice((c * from.Height + y - dy) * from.Width + firstX - dx, lastX - firstX).CopyTo(row[firstX..]);
                }
            }
        }
    }

    /// <summary>Gaussian weights out to 3 sigma, summing to 1.</summary>
    internal static float[] GaussianKernel(double sigma)
    {
        int reach = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        var kernel = new float[2 * reach + 1];
        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] = MathF.Exp((float)(-0.5 * (i - reach) * (i - reach) / Math.Max(1e-12, sigma * sigma)));
        }
        float sum = kernel.Sum();
        return Array.ConvertAll(kernel, k => k / sum);
    }

    /// <summary>Separable convolution in place, 0 outside; the scratch plane is [H, W].</summary>
    internal static void Blur(Span<float> plane, Span<float> scratch, int height, int width, float[] kernel)
    {
        int reach = kernel.Length / 2;
        // Each tap adds a shifted, weighted row: whole-row operations, so they run on vectors.
        scratch.Clear();
        for (int t = -reach; t <= reach; t++)
        {
            for (int y = Math.Max(0, -t); y < Math.Min(height, height - t); y++)
            {
                AddScaled(plane.Slice((y + t) * width, width), scratch.Slice(y * width, width), kernel[t + reach]);
            }
        }
        plane.Clear();
        for (int t = -reach; t <= reach; t++)
        {
            int from = Math.Max(0, t), length = width - Math.Abs(t);
            for (int y = 0; length > 0 && y < height; y++)
            {
                AddScaled(scratch.Slice(y * width + from, length), plane.Slice(y * width + Math.Max(0, -t), length), kernel[t + reach]);
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<float> source, Span<float> sum, float weight) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, weight, sum, sum);
}
