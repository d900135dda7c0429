namespace Cajal.Models;

/// <summary>
/// A pair of methods of orders five and four (Dormand and Prince 1980) that chooses its steps: their difference, over absolute + relative · |y| and as a root mean square, must not exceed 1. The last evaluation of
/// a step is the first of the next. Step lengths are not differentiated.
/// </summary>
/// <param name="relative">Tolerance relative to the state.</param>
/// <param name="absolute">Tolerance where the state is small.</param>
/// <param name="mostSteps">Steps, tried or taken, between two times, before it is given up.</param>
public sealed class DormandPrince(double relative = 1e-6, double absolute = 1e-8, int mostSteps = 10_000) : OdeSolver
{
    private const double Safety = 0.9, LeastFactor = 0.2, MostFactor = 5, FirstShare = 0.01;
    private static readonly double[] Nodes = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] Stages =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>Weights of order five less those of order four.</summary>
    private static readonly double[] Difference = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    private readonly double relative = Positive(relative, nameof(relative)), absolute = Positive(absolute, nameof(absolute));

    /// <summary>Steps taken since it was made.</summary>
    public long Accepted { get; private set; }

    /// <summary>Steps tried and thrown away since it was made.</summary>
    public long Rejected { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="DivergenceException">The tolerance cannot be kept: the steps became too many or too short, or the state is not finite.</exception>
    public override Tensor Advance(Func<double, Tensor, Tensor> f, Tensor y, double from, double to)
    {
        double t = from, h = (to - from) * FirstShare;
        var first = Evaluate(f, t, y);
        for (int tried = 0; tried < mostSteps; tried++)
        {
            bool last = Math.Abs(h) >= Math.Abs(to - t);
            if (last) h = to - t;
            if (!last && t + h == t) throw new DivergenceException($"DormandPrince: at t = {t:G6} the tolerance cannot be kept with any step. Is the equation stiff, or does its solution run away?");
            var (next, slope, error) = Try(f, t, y, h, first);
            if (double.IsNaN(error)) throw new DivergenceException($"DormandPrince: the state or its rate is not a finite number after t = {t:G6}.");
            double factor = Math.Clamp(Safety * Math.Pow(Math.Max(error, 1e-12), -0.2), LeastFactor, MostFactor);
            if (error <= 1)
            {
                Accepted++;
                if (last) return next;
                (t, y, first) = (t + h, next, slope);
            }
            else
            {
                Rejected++;
                factor = Math.Min(1, factor);
            }
            h *= factor;
        }
        throw new DivergenceException($"DormandPrince: {mostSteps:N0} steps did not lead from t = {from:G6} to {to:G6}; it stands at {t:G6}. Allow larger errors, or more steps.");
    }

    private (Tensor Next, Tensor Slope, double Error) Try(Func<double, Tensor, Tensor> f, double t, Tensor y, double h, Tensor first)
    {
        var k = new Tensor[Nodes.Length];
        k[0] = first;
        var at = y;
        for (int stage = 1; stage < k.Length; stage++)
        {
            at = y + Combined(k, Stages[stage], h);
            k[stage] = Evaluate(f, t + Nodes[stage] * h, at);
        }
        // The weights of the last stage are those of order five: its state is the result.
        using var _ = new NoGrad();
        var scale = absolute + Tensor.Maximum(y.Abs(), at.Abs()) * relative;
        return (at, k[^1], Math.Sqrt((Combined(k, Difference, h) / scale).Square().Mean().Item()));
    }

    private static Tensor Combined(Tensor[] k, double[] weights, double h)
    {
        Tensor? sum = null;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            var part = k[i] * (weights[i] * h);
            sum = sum is null ? part : sum + part;
        }
        return sum!;
    }

    private static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"DormandPrince: the {name} tolerance must be a finite number above zero.");
}
