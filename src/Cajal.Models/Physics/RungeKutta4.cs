namespace Cajal.Models;

/// <summary>The classical method of order four (Kutta 1901), with steps of equal length.</summary>
/// <param name="longestStep">Intervals between times are cut into steps no longer than this.</param>
/// <exception cref="ArgumentOutOfRangeException">The step is not above zero.</exception>
public sealed class RungeKutta4(double longestStep) : OdeSolver
{
    // Five and a quarter times 0.1 is not 0.525 exactly: a whisker more than a whole number of steps is that number.
    private const double Whisker = 1e-9;

    /// <summary>Intervals between times are cut into steps no longer than this.</summary>
    public double LongestStep { get; } = longestStep > 0 && double.IsFinite(longestStep) ? longestStep
        : throw new ArgumentOutOfRangeException(nameof(longestStep), longestStep, "RungeKutta4: the longest step must be a finite number above zero.");

    /// <inheritdoc/>
    public override Tensor Advance(Func<double, Tensor, Tensor> f, Tensor y, double from, double to)
    {
        int steps = Math.Max(1, (int)Math.Ceiling(Math.Abs(to - from) / LongestStep - Whisker));
        double h = (to - from) / steps;
        for (int step = 0; step < steps; step++)
        {
            double t = from + step * h;
            var k1 = Evaluate(f, t, y);
            var k2 = Evaluate(f, t + h / 2, y + k1 * (h / 2));
            var k3 = Evaluate(f, t + h / 2, y + k2 * (h / 2));
            var k4 = Evaluate(f, t + h, y + k3 * h);
            y += (k1 + (k2 + k3) * 2 + k4) * (h / 6);
        }
        return y;
    }
}
