namespace Cajal.Experiments;

/// <summary>How much of each pixel a shape covers, 0 to 1, with edges one pixel soft. Shapes drawn into it are joined. The middle of the first pixel is (0.5, 0.5).</summary>
/// <param name="height">Rows.</param>
/// <param name="width">Columns.</param>
internal sealed class Coverage(int height, int width)
{
    /// <summary>[height x width], row by row.</summary>
    public float[] Values { get; } = new float[height * width];

    /// <summary>Adds a rod with round ends whose radius changes evenly from one end to the other.</summary>
    public void AddRod((double X, double Y) from, (double X, double Y) to, double radiusFrom, double radiusTo)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y, squared = Math.Max(1e-12, dx * dx + dy * dy), reach = Math.Max(radiusFrom, radiusTo) + 1;
        Join(Math.Min(from.X, to.X) - reach, Math.Min(from.Y, to.Y) - reach, Math.Max(from.X, to.X) + reach, Math.Max(from.Y, to.Y) + reach, (x, y) =>
        {
            double along = Math.Clamp(((x - from.X) * dx + (y - from.Y) * dy) / squared, 0, 1);
            return double.Lerp(radiusFrom, radiusTo, along) - double.Hypot(x - from.X - along * dx, y - from.Y - along * dy);
        });
    }

    /// <summary>Adds a line of rods through points, each as thick as its point.</summary>
    public void AddPath(ReadOnlySpan<(double X, double Y)> points, ReadOnlySpan<double> radii)
    {
        for (int i = 1; i < points.Length; i++) AddRod(points[i - 1], points[i], radii[i - 1], radii[i]);
    }

    /// <summary>Adds an ellipse; <paramref name="angle"/> turns its first radius from the x axis, in radians.</summary>
    public void AddEllipse((double X, double Y) middle, double radius, double otherRadius, double angle)
    {
        double reach = Math.Max(radius, otherRadius) + 1, least = Math.Min(radius, otherRadius);
        var (sine, cosine) = Math.SinCos(angle);
        Join(middle.X - reach, middle.Y - reach, middle.X + reach, middle.Y + reach, (x, y) =>
        {
            double u = ((x - middle.X) * cosine + (y - middle.Y) * sine) / radius, v = ((y - middle.Y) * cosine - (x - middle.X) * sine) / otherRadius;
            return (1 - double.Hypot(u, v)) * least;
        });
    }

    /// <summary>Joins a shape given by how far inside a place is, in pixels; negative outside.</summary>
    private void Join(double left, double top, double right, double bottom, Func<double, double, double> inside)
    {
        int firstRow = Math.Max(0, (int)top), lastRow = Math.Min(height - 1, (int)bottom), firstColumn = Math.Max(0, (int)left), lastColumn = Math.Min(width - 1, (int)right);
        for (int row = firstRow; row <= lastRow; row++)
        {
            for (int column = firstColumn; column <= lastColumn; column++)
            {
                float share = (float)Math.Clamp(inside(column + 0.5, row + 0.5) + 0.5, 0, 1);
                Values[row * width + column] = Math.Max(Values[row * width + column], share);
            }
        }
    }
}
