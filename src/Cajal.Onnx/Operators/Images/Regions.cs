namespace Cajal.Onnx;

/// <summary>RoiAlign and MaxRoiPool: parts of an image brought to one size. No gradients.</summary>
internal static class Regions
{
    internal static void Register(Registry registry)
    {
        registry.Add("RoiAlign", [10, 16, 22], node =>
        {
            bool largest = node.Choice("mode", "avg", "avg", "max") == 1;
            int height = node.Int("output_height", 1), width = node.Int("output_width", 1), samples = node.Int("sampling_ratio", 0);
            float scale = node.Float("spatial_scale", 1);
            bool shifted = node.Choice("coordinate_transformation_mode", node.Version < 16 ? "output_half_pixel" : "half_pixel", "half_pixel", "output_half_pixel") == 0;
            return call => call.Return(Align(call.X(0), call.X(1), call.Ints(2), largest, height, width, samples, scale, shifted));
        });
        registry.Add("MaxRoiPool", [1, 22], node =>
        {
            int[] size = node.Ints("pooled_shape") is { Length: 2 } given ? given : throw node.Bad("the attribute \"pooled_shape\" must have two numbers.");
            float scale = node.Float("spatial_scale", 1);
            return call => call.Return(MaxPool(call.X(0), call.X(1), size, scale));
        });
    }

    private static Tensor Align(Tensor x, Tensor boxes, int[] images, bool largest, int height, int width, int samples, double scale, bool shifted)
    {
        CheckBoxes(x, boxes, 4);
        int channels = x.Dims[1], h = x.Dims[2], w = x.Dims[3];
        if (images.Length != boxes.Dims[0] || images.Any(image => (uint)image >= (uint)x.Dims[0])) throw new InvalidOperationException($"every box needs the number of an image below {x.Dims[0]}.");
        double[] pixels = x.Detach().ToArray<double>(), corners = boxes.ToArray<double>();
        int[] dims = [images.Length, channels, height, width];
        var y = new double[Shape.CountOf(dims)];
        double offset = shifted ? 0.5 : 0;
        for (int box = 0; box < images.Length; box++)
        {
            double left = corners[4 * box] * scale - offset, top = corners[4 * box + 1] * scale - offset;
            double wide = corners[4 * box + 2] * scale - offset - left, high = corners[4 * box + 3] * scale - offset - top;
            // The older rule never had regions smaller than a pixel.
            if (!shifted) (wide, high) = (Math.Max(wide, 1), Math.Max(high, 1));
            double cellHeight = high / height, cellWidth = wide / width;
            int rows = Samples(cellHeight), columns = Samples(cellWidth);
            for (int cell = 0; cell < height * width; cell++)
            {
                double cellTop = top + cell / width * cellHeight, cellLeft = left + cell % width * cellWidth;
                for (int channel = 0; channel < channels; channel++)
                {
                    var plane = pixels.AsSpan((images[box] * channels + channel) * h * w, h * w);
                    double sum = 0, best = double.NegativeInfinity;
                    for (int i = 0; i < rows * columns; i++)
                    {
                        double value = Between(plane, h, w, cellTop + (i / columns + 0.5) * cellHeight / rows, cellLeft + (i % columns + 0.5) * cellWidth / columns, largest);
                        sum += value;
                        best = Math.Max(best, value);
                    }
                    y[((box * channels) + channel) * height * width + cell] = rows * columns == 0 ? 0 : largest ? best : sum / (rows * columns);
                }
            }
        }
        return Tensor.From(y, y.Length).Reshape(dims);

        int Samples(double cell)
        {
            double count = samples > 0 ? samples : Math.Ceiling(cell);
            return count is >= 0 and <= 10_000 ? (int)count : throw new InvalidOperationException($"a region would be read at {count} places per cell.");
        }
    }

    /// <summary>The blend of four neighbours, or (largest) the greatest of their shares; 0 outside.</summary>
    private static double Between(ReadOnlySpan<double> plane, int h, int w, double y, double x, bool largest)
    {
        if (y < -1 || y > h || x < -1 || x > w) return 0;
        (y, x) = (Math.Max(y, 0), Math.Max(x, 0));
        int top = Math.Min((int)y, h - 1), left = Math.Min((int)x, w - 1), bottom = Math.Min(top + 1, h - 1), right = Math.Min(left + 1, w - 1);
        double down = top == h - 1 ? 0 : y - top, across = left == w - 1 ? 0 : x - left;
        double a = (1 - down) * (1 - across) * plane[top * w + left], b = (1 - down) * across * plane[top * w + right];
        double c = down * (1 - across) * plane[bottom * w + left], d = down * across * plane[bottom * w + right];
        return largest ? Math.Max(Math.Max(a, b), Math.Max(c, d)) : a + b + c + d;
    }

    private static Tensor MaxPool(Tensor x, Tensor boxes, int[] size, double scale)
    {
        CheckBoxes(x, boxes, 5);
        int channels = x.Dims[1], h = x.Dims[2], w = x.Dims[3];
        double[] pixels = x.Detach().ToArray<double>(), corners = boxes.ToArray<double>();
        int[] dims = [boxes.Dims[0], channels, size[0], size[1]];
        var y = new double[Shape.CountOf(dims)];
        for (int i = 0; i < y.Length; i++)
        {
            int column = i % size[1], row = i / size[1] % size[0], channel = i / (size[1] * size[0]) % channels, box = i / (size[1] * size[0] * channels);
            int image = (int)corners[5 * box];
            if ((uint)image >= (uint)x.Dims[0]) throw new InvalidOperationException($"box {box} names image {image} of {x.Dims[0]}.");
            var (left, right) = Cell(corners[5 * box + 1], corners[5 * box + 3], size[1], column, w);
            var (top, bottom) = Cell(corners[5 * box + 2], corners[5 * box + 4], size[0], row, h);
            double best = double.NegativeInfinity;
            for (int v = top; v < bottom; v++) for (int u = left; u < right; u++) best = Math.Max(best, pixels[((image * channels + channel) * h + v) * w + u]);
            y[i] = double.IsNegativeInfinity(best) ? 0 : best;
        }
        return Tensor.From(y, y.Length).Reshape(dims);

        (int From, int To) Cell(double first, double last, int cells, int cell, int length)
        {
            double start = Math.Round(first * scale, MidpointRounding.AwayFromZero), span = Math.Max(1, Math.Round(last * scale, MidpointRounding.AwayFromZero) - start + 1) / cells;
            return ((int)Math.Clamp(Math.Floor(cell * span) + start, 0, length), (int)Math.Clamp(Math.Ceiling((cell + 1) * span) + start, 0, length));
        }
    }

    private static void CheckBoxes(Tensor x, Tensor boxes, int width)
    {
        if (x.Rank != 4 || boxes.Rank != 2 || boxes.Dims[1] != width) throw new InvalidOperationException($"x must be [N, C, H, W] and the boxes [R, {width}], but they are {x.Shape} and {boxes.Shape}.");
    }
}
