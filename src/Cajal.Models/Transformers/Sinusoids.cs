namespace Cajal.Models;

/// <summary>Positions as sines and cosines (Vaswani et al. 2017): near ones are alike, and a shift is a rotation.</summary>
internal static class Sinusoids
{
    /// <summary>[count, width]: sin and cos of t / slowest^(2 i / width), in the columns 2 i and 2 i + 1; mean square 1/2.</summary>
    internal static Tensor Line(int count, int width, double slowest)
    {
        var values = new float[count * width];
        for (int t = 0; t < count; t++)
        {
            for (int e = 0; e < width; e++)
            {
                double angle = t / Math.Pow(slowest, (double)(e & ~1) / width);
                values[t * width + e] = (float)(e % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
        return Tensor.From(values, count, width);
    }

    /// <summary>[side · side, width], row by row: the first half of the columns tells the row, the second the column.</summary>
    internal static Tensor Square(int side, int width)
    {
        double slowest = 2 * side;
        var rows = Line(side, width / 2, slowest).Unsqueeze(1).Expand(side, side, width / 2);
        var columns = Line(side, width - width / 2, slowest).Unsqueeze(0).Expand(side, side, width - width / 2);
        return Tensor.Concat([rows, columns], 2).Reshape(side * side, width);
    }
}
