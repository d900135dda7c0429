namespace Cajal.Models;

/// <summary>Boxes as numbers on a grid of cells, and back: the language of <see cref="CentreDetector"/>.</summary>
/// <param name="Classes">Kinds of objects, K.</param>
/// <param name="Stride">Pixels per cell, in both directions.</param>
public sealed record CentreCode(int Classes, int Stride = CentreDetector.Stride)
{
    /// <summary>Numbers per cell that describe a box: offset in x and y, logarithms of width and height.</summary>
    internal const int BoxNumbers = 4;

    /// <summary>How many standard deviations of the heat a side is long.</summary>
    private const double SideInDeviations = 6;

    /// <summary>
    /// What the detector should say. For each object the cell of its middle holds 1 in the map of its class, and cells around it exp(-½ d²), with d their distance in sixths of the sides, so
    /// that near misses cost less. That cell also holds where in it the middle is (0 to 1) and ln(side / stride).
    /// </summary>
    /// <param name="truth">The objects of each image.</param>
    /// <param name="height">Of the images, in pixels.</param>
    /// <param name="width">Of the images, in pixels.</param>
    /// <returns>[N, K + 5, height/stride, width/stride]: K maps, 4 numbers for boxes, and 1 where they count.</returns>
    /// <exception cref="ArgumentException">A middle lies outside its image, a side is not above 0, or a label is outside 0 ... K - 1.</exception>
    public Tensor Encode(IReadOnlyList<IReadOnlyList<LabelledBox>> truth, int height, int width)
    {
        int rows = height / Stride, columns = width / Stride, plane = rows * columns, size = (Classes + BoxNumbers + 1) * plane;
        var values = new float[truth.Count * size];
        for (int n = 0; n < truth.Count; n++)
        {
            // Where two middles share a cell, the smaller box, which is harder to see, is written last.
            foreach (var (box, label) in truth[n].OrderByDescending(known => known.Box.Area))
            {
                var (x, y) = (box.Centre.X / Stride, box.Centre.Y / Stride);
                if (!(x >= 0 && x < columns && y >= 0 && y < rows) || !(box.Width > 0 && box.Height > 0) || (uint)label >= (uint)Classes)
                    throw new ArgumentException($"CentreCode: {box} with label {label} must have its middle in the image of {height} x {width}, sides above 0 and a label from 0 to {Classes - 1}.", nameof(truth));
                var cells = values.AsSpan(n * size, size);
                AddHeat(cells.Slice(label * plane, plane), rows, columns, (int)x, (int)y, box.Width / Stride / SideInDeviations, box.Height / Stride / SideInDeviations);
                int cell = (int)y * columns + (int)x;
                ReadOnlySpan<double> numbers = [x - Math.Floor(x), y - Math.Floor(y), Math.Log(box.Width / Stride), Math.Log(box.Height / Stride), 1];
                for (int i = 0; i < numbers.Length; i++) cells[(Classes + i) * plane + cell] = (float)numbers[i];
            }
        }
        return Tensor.From(values, truth.Count, Classes + BoxNumbers + 1, rows, columns);
    }

    /// <summary>
    /// What the detector has found: cells that are the surest of their neighbourhood of 3 x 3 for their class, as boxes, of which doubles are dropped
    /// (<see cref="NonMaximumSuppression"/>).
    /// </summary>
    /// <param name="output">[N, K + 4, rows, columns], as the detector gave it.</param>
    /// <param name="least">The least probability to report.</param>
    /// <param name="overlap">The most intersection over union that two boxes of one class may have.</param>
    /// <returns>For each image its detections, the surest first.</returns>
    /// <exception cref="ShapeException">The output has other axes.</exception>
    public IReadOnlyList<IReadOnlyList<Detection>> Decode(Tensor output, double least = 0.05, double overlap = 0.5)
    {
        if (output.Shape.Rank != 4 || output.Shape[1] != Classes + BoxNumbers)
            throw new ShapeException($"CentreCode: the output must be [N, {Classes + BoxNumbers}, rows, columns] for {Classes} classes, but it is {output.Shape}.");
        int count = output.Shape[0], rows = output.Shape[2], columns = output.Shape[3], plane = rows * columns;
        var chances = output.Detach().Narrow(1, 0, Classes).Sigmoid();
        float[] heat = chances.ToArray<float>(), peaks = chances.MaxPool2d(3, stride: 1, padding: 1).ToArray<float>(), all = output.Detach().ToArray<float>();
        var result = new IReadOnlyList<Detection>[count];
        for (int n = 0; n < count; n++)
        {
            var found = new List<Detection>();
            for (int label = 0; label < Classes; label++)
            {
                for (int cell = 0; cell < plane; cell++)
                {
                    int at = (n * Classes + label) * plane + cell;
                    if (heat[at] >= least && heat[at] == peaks[at]) found.Add(new(BoxAt(all.AsSpan((n * (Classes + BoxNumbers) + Classes) * plane, BoxNumbers * plane), cell, plane, columns), label, heat[at]));
                }
            }
            result[n] = NonMaximumSuppression.Apply(found, overlap);
        }
        return result;
    }

    private Box BoxAt(ReadOnlySpan<float> numbers, int cell, int plane, int columns)
    {
        // Sides stay below e^8 cells, so that an untrained net gives large boxes but no infinite ones.
        const float Largest = 8;
        float x = cell % columns + numbers[cell], y = cell / columns + numbers[plane + cell];
        float width = MathF.Exp(Math.Min(Largest, numbers[2 * plane + cell])), height = MathF.Exp(Math.Min(Largest, numbers[3 * plane + cell]));
        return Box.Around(x * Stride, y * Stride, width * Stride, height * Stride);
    }

    private static void AddHeat(Span<float> map, int rows, int columns, int x, int y, double deviationX, double deviationY)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double dx = (column - x) / deviationX, dy = (row - y) / deviationY;
                map[row * columns + column] = Math.Max(map[row * columns + column], (float)Math.Exp(-(dx * dx + dy * dy) / 2));
            }
        }
    }
}
