namespace Cajal.Kernels;

/// <summary>Which inputs an output of an interpolation is made of.</summary>
/// <remarks>
/// Pixel centres: output j lies at (j + 1/2)·scale - 1/2, or at j·(inputs - 1)/(outputs - 1) when corners are aligned. Positions beyond the edge read the edge.
/// The cubic kernel is that of R. G. Keys (IEEE Trans. ASSP 29, 1981) with a = -3/4.
/// </remarks>
internal static class Taps
{
    private const double Cubic = -0.75;

    /// <summary>The input below <c>(j + halves / 2) · scale</c>; <paramref name="scale"/> counts inputs per output, null for the ratio of the lengths.</summary>
    internal static AxisMap Nearest(int inputs, int outputs, double? scale, int halves) => Build(inputs, outputs, 1, (j, columns, weights) =>
    {
        // Without a given scale, whole numbers find the place without rounding.
        columns[0] = scale is { } s ? (int)Math.Floor((j + 0.5 * halves) * s) : (int)((2L * j + halves) * inputs / (2L * outputs));
        weights[0] = 1;
    });

    internal static AxisMap Linear(int inputs, int outputs, double? scale, bool alignCorners) => Build(inputs, outputs, 2, (j, columns, weights) =>
    {
        double place = Math.Max(0, Place(j, inputs, outputs, scale, alignCorners));
        int below = Math.Min((int)place, inputs - 1);
        double share = Math.Min(place - below, 1);
        (columns[0], columns[1]) = (below, below + 1);
        (weights[0], weights[1]) = (1 - share, share);
    });

    internal static AxisMap CubicConvolution(int inputs, int outputs, double? scale, bool alignCorners) => Build(inputs, outputs, 4, (j, columns, weights) =>
    {
        double place = Place(j, inputs, outputs, scale, alignCorners), floor = Math.Floor(place), t = place - floor;
        for (int k = 0; k < 4; k++) columns[k] = (int)floor - 1 + k;
        (weights[0], weights[1], weights[2], weights[3]) = (Outer(1 + t), Inner(t), Inner(1 - t), Outer(2 - t));

        static double Inner(double d) => ((Cubic + 2) * d - (Cubic + 3)) * d * d + 1;
        static double Outer(double d) => ((Cubic * d - 5 * Cubic) * d + 8 * Cubic) * d - 4 * Cubic;
    });

    private static double Place(int j, int inputs, int outputs, double? scale, bool alignCorners) =>
        alignCorners ? outputs > 1 ? (double)j * (inputs - 1) / (outputs - 1) : 0 : (scale ?? (double)inputs / outputs) * (j + 0.5) - 0.5;

    private delegate void Fill(int output, Span<int> columns, Span<double> weights);

    private static AxisMap Build(int inputs, int outputs, int taps, Fill fill)
    {
        var starts = new int[outputs + 1];
        var columns = new int[outputs * taps];
        var weights = new double[outputs * taps];
        for (int j = 0; j < outputs; j++)
        {
            starts[j + 1] = (j + 1) * taps;
            var places = columns.AsSpan(j * taps, taps);
            fill(j, places, weights.AsSpan(j * taps, taps));
            foreach (ref int place in places) place = Math.Clamp(place, 0, inputs - 1);
        }
        return new(inputs, starts, columns, weights);
    }
}
