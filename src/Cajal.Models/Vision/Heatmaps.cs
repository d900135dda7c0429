namespace Cajal.Models;

/// <summary>Key points as heat maps, and back: one map per point, warm where the point is.</summary>
public static class Heatmaps
{
    /// <summary>Maps that sum to 1: exp(-d² / 2 deviation²) with d the distance of a pixel's middle from the point.</summary>
    /// <param name="points">[N, P, 2]: x and y in pixels; the middle of the first pixel is (0.5, 0.5).</param>
    /// <param name="height">Rows H of a map.</param>
    /// <param name="width">Columns W of a map.</param>
    /// <param name="deviation">Width of a peak, in pixels.</param>
    /// <returns>[N, P, H, W]. A point far outside its image still gives a map, warmest at the border nearest to it.</returns>
    /// <exception cref="ShapeException">Points have other axes.</exception>
    public static Tensor Of(Tensor points, int height, int width, double deviation = 1.5)
    {
        CheckPoints(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        Tensor Along(int coordinate, int length)
        {
            var distances = points.Narrow(2, coordinate, 1) - (Tensor.Arange(length, points.DType) + 0.5);
            return (distances / deviation).Square() * -0.5;
        }
        var exponents = Along(1, height).Unsqueeze(3) + Along(0, width).Unsqueeze(2);
        return exponents.Flatten(2).Softmax().Reshape(points.Shape[0], points.Shape[1], height, width);
    }

    /// <summary>
    /// Where each map is warmest, to a fraction of a pixel: the top of the parabola through the greatest logit and its two neighbours, along rows and along columns. That is exact for the
    /// logarithm of a Gaussian. At a border the pixel's middle is taken.
    /// </summary>
    /// <param name="logits">[N, P, H, W].</param>
    /// <returns>[N, P, 2]: x and y in pixels.</returns>
    /// <exception cref="ShapeException">Logits have other axes.</exception>
    public static Tensor Points(Tensor logits)
    {
        if (logits.Shape.Rank != 4) throw new ShapeException($"Heatmaps: logits must be [N, P, H, W], but they are {logits.Shape}.");
        int maps = logits.Shape[0] * logits.Shape[1], height = logits.Shape[2], width = logits.Shape[3];
        float[] values = logits.Detach().ToArray<float>();
        var points = new float[maps * 2];
        for (int m = 0; m < maps; m++)
        {
            var map = values.AsSpan(m * height * width, height * width);
            int best = 0;
            for (int i = 1; i < map.Length; i++)
            {
                if (map[i] > map[best]) best = i;
            }
            (int row, int column) = (best / width, best % width);
            points[2 * m] = column + 0.5f + (column == 0 || column == width - 1 ? 0 : Top(map[best - 1], map[best], map[best + 1]));
            points[2 * m + 1] = row + 0.5f + (row == 0 || row == height - 1 ? 0 : Top(map[best - width], map[best], map[best + width]));
        }
        return Tensor.From(points, logits.Shape[0], logits.Shape[1], 2);
    }

    /// <summary>Distances between points and where they should be, in pixels: [N, P, 2] twice → [N, P].</summary>
    /// <exception cref="ShapeException">The shapes differ or have other axes.</exception>
    public static Tensor Distances(Tensor points, Tensor truth)
    {
        CheckPoints(points);
        if (points.Shape != truth.Shape) throw new ShapeException($"Heatmaps: points {points.Shape} and truth {truth.Shape} must have the same shape.");
        return (points - truth).Square().Sum(2).Sqrt();
    }

    /// <summary>Where the parabola through three numbers at -1, 0 and 1 is highest, if the middle one is the greatest: from -½ to ½.</summary>
    private static float Top(float before, float here, float after)
    {
        float bend = 2 * here - before - after;
        return bend > 0 ? Math.Clamp((after - before) / (2 * bend), -0.5f, 0.5f) : 0;
    }

    private static void CheckPoints(Tensor points)
    {
        if (points.Shape.Rank != 3 || points.Shape[2] != 2) throw new ShapeException($"Heatmaps: points must be [N, P, 2], x and y of each, but are {points.Shape}.");
    }
}
