using System.Numerics.Tensors;

namespace Cajal;

/// <summary>
/// A step length t along a direction that meets the strong Wolfe conditions f(t) ≤ f(0) + c₁ t f'(0) and |f'(t)| ≤ c₂ |f'(0)|: first an interval that
/// holds one, then cubic interpolation inside it (Nocedal and Wright 2006, algorithms 3.5 and 3.6).
/// </summary>
internal static class WolfeSearch
{
    private const double Decrease = 1e-4, Curvature = 0.9, Margin = 0.1;
    private const int MaxSteps = 25;

    internal readonly record struct Point(double Length, double Value, double[] Gradient, double Slope);

    internal static Point Run(Func<double, (double Value, double[] Gradient)> f, double[] direction, double length, double value, double[] gradient, double slope, double tolerance)
    {
        var start = new Point(0, value, gradient, slope);
        var before = start;
        var now = At(length);
        int steps = 0;
        (Point A, Point B)? interval = null;
        for (; steps < MaxSteps; steps++)
        {
            if (now.Value > value + Decrease * now.Length * slope || (steps > 1 && now.Value >= before.Value)) interval = (before, now);
            else if (Math.Abs(now.Slope) <= -Curvature * slope) return now;
            else if (now.Slope >= 0) interval = (before, now);
            if (interval is not null) break;
            double next = Cubic(before, now, now.Length + 0.01 * (now.Length - before.Length), now.Length * 10);
            before = now;
            now = At(next);
        }
        if (interval is not { } found) return now.Value < value ? now : start;
        return Zoom(found.A, found.B, steps);

        Point At(double t)
        {
            var (v, g) = f(t);
            return new(t, v, g, TensorPrimitives.Dot<double>(g, direction));
        }

        Point Zoom(Point a, Point b, int steps)
        {
            var (low, high) = a.Value <= b.Value ? (a, b) : (b, a);
            double reach = Math.Abs(TensorPrimitives.MaxMagnitude<double>(direction));
            bool stuck = false;
            for (; steps < MaxSteps && Math.Abs(high.Length - low.Length) * reach >= tolerance; steps++)
            {
                double left = Math.Min(low.Length, high.Length), right = Math.Max(low.Length, high.Length), margin = Margin * (right - left);
                var (first, second) = low.Length <= high.Length ? (low, high) : (high, low);
                double t = Cubic(first, second, left, right);
                // Twice close to an end means that interpolation makes no headway: step a margin away from it.
                if (Math.Min(right - t, t - left) < margin)
                {
                    if (stuck || t >= right || t <= left)
                    {
                        t = Math.Abs(t - right) < Math.Abs(t - left) ? right - margin : left + margin;
                        stuck = false;
                    }
                    else stuck = true;
                }
                else stuck = false;
                var point = At(t);
                if (point.Value > value + Decrease * t * slope || point.Value >= low.Value)
                {
                    high = point;
                    if (high.Value < low.Value) (low, high) = (high, low);
                    continue;
                }
                if (Math.Abs(point.Slope) <= -Curvature * slope) return point;
                if (point.Slope * (high.Length - low.Length) >= 0) high = low;
                low = point;
            }
            return low;
        }
    }

    /// <summary>Where the cubic through two points with their slopes is lowest, kept within bounds; their middle where it has no minimum.</summary>
    private static double Cubic(Point a, Point b, double left, double right)
    {
        double d1 = a.Slope + b.Slope - 3 * (a.Value - b.Value) / (a.Length - b.Length), square = d1 * d1 - a.Slope * b.Slope;
        if (!(square >= 0)) return (left + right) / 2;
        double d2 = Math.Sqrt(square);
        double lowest = a.Length <= b.Length
            ? b.Length - (b.Length - a.Length) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2))
            : a.Length - (a.Length - b.Length) * ((a.Slope + d2 - d1) / (a.Slope - b.Slope + 2 * d2));
        return double.IsNaN(lowest) ? (left + right) / 2 : Math.Min(Math.Max(lowest, left), right);
    }
}
