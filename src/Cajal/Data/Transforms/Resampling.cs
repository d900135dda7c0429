namespace Cajal;

/// <summary>Bilinear resampling of images [C, H, W]. Outside the image lies the value 0.</summary>
internal static class Resampling
{
    /// <summary>
    /// destination(y, x) = source(centre + M (y - centre, x - centre) + (dy, dx)), with M = [[myy, myx], [mxy, mxx]]: an affine map from
    /// result pixels back to source pixels.
    /// </summary>
    internal static void Affine(
        ReadOnlySpan<float> source, Span<float> destination, ImageSize size, float myy, float myx, float mxy, float mxx, float dy, float dx)
    {
        (int channels, int height, int width) = (size.Channels, size.Height, size.Width);
        float cy = 0.5f * (height - 1), cx = 0.5f * (width - 1);
        int plane = height * width;
        for (int y = 0; y < height; y++)
        {
            // Along a row both source coordinates are linear in x.
            float sy = cy + dy + myy * (y - cy) - myx * cx, sx = cx + dx + mxy * (y - cy) - mxx * cx;
            for (int x = 0; x < width; x++)
            {
                Sample(source, destination, y * width + x, channels, height, width, plane, sy + myx * x, sx + mxx * x);
            }
        }
    }

    /// <summary>destination(y, x) = source(y + dy[y, x], x + dx[y, x]).</summary>
    internal static void Displace(ReadOnlySpan<float> source, Span<float> destination, ImageSize size, ReadOnlySpan<float> dy, ReadOnlySpan<float> dx)
    {
        (int channels, int height, int width) = (size.Channels, size.Height, size.Width);
        for (int y = 0, p = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, p++)
            {
                Sample(source, destination, p, channels, height, width, height * width, y + dy[p], x + dx[p]);
            }
        }
    }

    /// <summary>Resizes [C, H, W] to [C, H', W']; pixel centres at half-integers; shrinking averages over the covered area.</summary>
    internal static void Resize(ReadOnlySpan<float> source, Span<float> destination, ImageSize from, ImageSize to)
    {
        (int[] First, float[] Weights)[] rows = Weights(from.Height, to.Height), columns = Weights(from.Width, to.Width);
        var narrowed = new float[from.Height * to.Width];
        for (int c = 0; c < from.Channels; c++)
        {
            ReadOnlySpan<float> plane = source.Slice(c * from.Height * from.Width, from.Height * from.Width);
            for (int x = 0; x < to.Width; x++)
            {
                (int[] at, float[] weights) = columns[x];
                for (int y = 0; y < from.Height; y++)
                {
                    narrowed[y * to.Width + x] = Dot(plane[(y * from.Width)..], at, weights, 1);
                }
            }
            for (int y = 0; y < to.Height; y++)
            {
                (int[] at, float[] weights) = rows[y];
                for (int x = 0; x < to.Width; x++)
                {
                    destination[(c * to.Height + y) * to.Width + x] = Dot(narrowed.AsSpan(x), at, weights, to.Width);
                }
            }
        }
    }

    /// <summary>Triangle filter of half-width max(1, from / to), clamped at the border, weights summing to 1.</summary>
    private static (int[], float[])[] Weights(int from, int to)
    {
        double scale = (double)from / to, reach = Math.Max(1, scale);
        var result = new (int[], float[])[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale - 0.5;
            int low = Math.Max(0, (int)Math.Ceiling(centre - reach)), high = Math.Min(from - 1, (int)Math.Floor(centre + reach));
            int[] at = Indices.Range(low, high + 1);
            double[] raw = Array.ConvertAll(at, p => Math.Max(0, 1 - Math.Abs(p - centre) / reach));
            double sum = raw.Sum();
            result[i] = (at, Array.ConvertAll(raw, w => (float)(w / sum)));
        }
        return result;
    }

    private static float Dot(ReadOnlySpan<float> values, int[] at, float[] weights, int stride)
    {
        float sum = 0;
        for (int i = 0; i < at.Length; i++)
        {
            sum += values[at[i] * stride] * weights[i];
        }
        return sum;
    }

    private static void Sample(
        ReadOnlySpan<float> source, Span<float> destination, int p, int channels, int height, int width, int plane, float sy, float sx)
    {
        float fy = MathF.Floor(sy), fx = MathF.Floor(sx);
        int y = (int)fy, x = (int)fx;
        float wy = sy - fy, wx = sx - fx;
        bool inside = (uint)y < (uint)(height - 1) && (uint)x < (uint)(width - 1);
        int at = y * width + x;
        for (int c = 0; c < channels; c++, at += plane, p += plane)
        {
            float top, bottom;
            if (inside)
            {
                top = source[at] + wx * (source[at + 1] - source[at]);
                bottom = source[at + width] + wx * (source[at + width + 1] - source[at + width]);
            }
            else
            {
                ReadOnlySpan<float> image = source.Slice(c * plane, plane);
                float tl = At(image, y, x, height, width), tr = At(image, y, x + 1, height, width);
                float bl = At(image, y + 1, x, height, width), br = At(image, y + 1, x + 1, height, width);
                top = tl + wx * (tr - tl);
                bottom = bl + wx * (br - bl);
            }
            destination[p] = top + wy * (bottom - top);
        }
    }

    private static float At(ReadOnlySpan<float> image, int y, int x, int height, int width) =>
        (uint)y < (uint)height && (uint)x < (uint)width ? image[y * width + x] : 0;
}
