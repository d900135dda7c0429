namespace Cajal.Cli;

/// <summary>An image as the network wants it.</summary>
/// <param name="Input">[C, H, W] in [0, 1].</param>
/// <param name="Changes">What was done to it, in words; empty if nothing.</param>
internal sealed record PreparedImage(Tensor Input, IReadOnlyList<string> Changes);

/// <summary>
/// Brings an image file to the size, channels and brightness of the images a network has learned from. Digits are cut out, scaled and centred as in their data set.
/// </summary>
internal static class ImageInput
{
    /// <summary>Ink begins at this share of the range between background and darkest ink.</summary>
    private const float InkThreshold = 0.25f;

    /// <summary>An image of less is blank.</summary>
    private const float LeastContrast = 0.1f;

    /// <summary>Share of the side that a digit fills: 20 of 28 pixels in MNIST (LeCun et al. 1998), all of it in the UCI digits.</summary>
    private const double MnistFill = 20.0 / 28, UciFill = 1;

    private const int MeanSamples = 200;

    /// <summary>Mean value of the border pixels of some training images, and of all their pixels.</summary>
    internal static (double Border, double Ink) Means(Dataset data)
    {
        var batch = data.Take(MeanSamples).ToBatch().Inputs;
        return (BorderMean(batch.ToArray<float>(), batch.Shape[^2], batch.Shape[^1]), batch.Mean().Item());
    }

    /// <summary>Reads an image for a network.</summary>
    /// <exception cref="InvalidDataException">It is no image, or the network does not take images of 1 or 3 channels.</exception>
    internal static PreparedImage Read(string path, TrainingNote note)
    {
        if (note.InputShape is not [var channels, var height, var width] || channels is not (1 or 3))
            throw new InvalidDataException($"the network takes inputs [{string.Join(", ", note.InputShape)}], not images; give a CSV file.");
        var image = StbImageDecoder.Shared.Decode(Files.Existing(path), channels);
        float[] planes = image.ToPlanes();
        var changes = new List<string>();
        bool light = BorderMean(planes, image.Height, image.Width) > 0.5;
        if (note.Border is { } border && light != border > 0.5)
        {
            for (int i = 0; i < planes.Length; i++) planes[i] = 1 - planes[i];
            changes.Add(light ? "its light background was made dark" : "its dark background was made light");
        }
        if ((image.Height, image.Width) == (height, width)) return new(Tensor.From(planes, channels, height, width), changes);
        changes.Add($"{image.Width} x {image.Height} pixels became {width} x {height}");
        double? fill = note.Data switch { "digits" => UciFill, "mnist" => MnistFill, _ => null };
        double aspect = (double)height / width;
        if (fill is not null && planes.Max() - planes.Min() < LeastContrast)
            throw new InvalidDataException($"{path}: the image is blank: all its pixels are nearly alike, so there is no digit in it.");
        var cut = fill is { } share && channels == 1 ? CutOut(planes, image.Height, image.Width, aspect, share, centreByMass: note.Data == "mnist") : null;
        if (cut is not null) changes.Add("the digit was cut out and centred");
        if (cut is { } box)
        {
            // Only digits are cut out, and they have one channel: the box is all that is needed of the page.
            int rows = height * Strokes.Fineness, columns = width * Strokes.Fineness;
            var fine = new float[rows * columns];
            Resample(planes, image.Height, image.Width, box, fine, rows, columns, 0);
            if (Strokes.Thicken(fine, columns, note.Ink ?? 0) is { } thick)
            {
                changes.Add("its strokes were thickened");
                fine = thick;
            }
            var small = new float[height * width];
            Resample(fine, rows, columns, new(0, 0, rows, columns), small, height, width, 0);
            return new(Tensor.From(small, channels, height, width), changes);
        }
        var view = Whole(image.Height, image.Width, aspect);
        var input = new float[channels * height * width];
        // What lies outside the image is what lies at its border.
        for (int c = 0; c < channels; c++)
        {
            var plane = planes.AsSpan(c * image.Height * image.Width, image.Height * image.Width);
            float outside = (float)BorderMean(plane, image.Height, image.Width);
            Resample(plane, image.Height, image.Width, view, input.AsSpan(c * height * width, height * width), height, width, outside);
        }
        return new(Tensor.From(input, channels, height, width), changes);
    }

    /// <summary>A rectangle in the coordinates of the source image; it may reach beyond it.</summary>
    private readonly record struct View(double Top, double Left, double Height, double Width);

    /// <summary>The whole image, widened on two sides to the aspect ratio wanted.</summary>
    private static View Whole(int height, int width, double aspect) =>
        height < width * aspect
            ? new(-(width * aspect - height) / 2, 0, width * aspect, width)
            : new(0, -(height / aspect - width) / 2, height, height / aspect);

    /// <summary>
    /// The box around the ink, enlarged so that the ink fills the share of the side; background becomes 0 and the strongest ink 1, in place.
    /// Null if there is no ink.
    /// </summary>
    private static View? CutOut(float[] values, int height, int width, double aspect, double share, bool centreByMass)
    {
        float background = (float)BorderMean(values, height, width), peak = values.Max();
        if (peak - background < LeastContrast) return null;
        int top = height, bottom = -1, left = width, right = -1;
        double mass = 0, massRow = 0, massColumn = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float ink = Math.Clamp((values[i] - background) / (peak - background), 0, 1);
            values[i] = ink < InkThreshold / 2 ? 0 : ink; // paper is not quite even
            mass += values[i];
            massRow += values[i] * (i / width + 0.5);
            massColumn += values[i] * (i % width + 0.5);
            if (ink < InkThreshold) continue;
            (top, bottom) = (Math.Min(top, i / width), Math.Max(bottom, i / width));
            (left, right) = (Math.Min(left, i % width), Math.Max(right, i % width));
        }
        double inkHeight = bottom - top + 1, inkWidth = right - left + 1;
        double side = Math.Max(inkHeight, inkWidth * aspect) / share;
        double centreRow = centreByMass ? massRow / mass : (top + bottom + 1) / 2.0, centreColumn = centreByMass ? massColumn / mass : (left + right + 1) / 2.0;
        return new(centreRow - side / 2, centreColumn - side / aspect / 2, side, side / aspect);
    }

    /// <summary>Mean over the area of the source that each target pixel covers.</summary>
    private static void Resample(ReadOnlySpan<float> source, int height, int width, View view, Span<float> target, int rows, int columns, float outside)
    {
        double stepRow = view.Height / rows, stepColumn = view.Width / columns;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double top = view.Top + row * stepRow, left = view.Left + column * stepColumn, sum = 0;
                for (int y = (int)Math.Floor(top); y < top + stepRow; y++)
                {
                    double partRow = Math.Min(y + 1, top + stepRow) - Math.Max(y, top);
                    for (int x = (int)Math.Floor(left); x < left + stepColumn; x++)
                    {
                        double part = partRow * (Math.Min(x + 1, left + stepColumn) - Math.Max(x, left));
                        sum += part * (y >= 0 && y < height && x >= 0 && x < width ? source[y * width + x] : outside);
                    }
                }
                target[row * columns + column] = (float)(sum / (stepRow * stepColumn));
            }
        }
    }

    private static double BorderMean(ReadOnlySpan<float> planes, int height, int width)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < planes.Length; i++)
        {
            int row = i / width % height, column = i % width;
            if (row != 0 && row != height - 1 && column != 0 && column != width - 1) continue;
            sum += planes[i];
            count++;
        }
        return sum / count;
    }
}
