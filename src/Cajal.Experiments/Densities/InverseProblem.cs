namespace Cajal.Experiments;

/// <summary>t uniform in [0, 1], x = t + 0.3 sin 2πt + noise (Bishop 1994, with normal noise), and the density of t given x, which Bayes's rule gives up to an integral.</summary>
internal static class InverseProblem
{
    internal const double Noise = 0.05;
    private const int Cells = 2000;

    internal static (Tensor X, Tensor T) Draw(int count)
    {
        var t = Tensor.Uniform([count, 1]);
        return (t + (t * (2 * Math.PI)).Sin() * 0.3 + Tensor.Normal([count, 1]) * Noise, t);
    }

    /// <summary>Mean of ln p(t | x) over the pairs.</summary>
    internal static double LogDensity(Tensor x, Tensor t) => Density(x, t).Average(Math.Log);

    /// <summary>p(t | x) = p(x | t) / ∫ p(x | s) ds, the integral by the midpoint rule.</summary>
    internal static double[] Density(Tensor x, Tensor t)
    {
        double[] places = x.ToArray<double>(), answers = t.ToArray<double>(), curve = [.. Enumerable.Range(0, Cells).Select(cell => Curve((cell + 0.5) / Cells))];
        var result = new double[places.Length];
        (double at, double evidence) = (double.NaN, 0);
        for (int i = 0; i < result.Length; i++)
        {
            if (places[i] != at) (at, evidence) = (places[i], curve.Average(value => Likelihood(places[i], value)));
            result[i] = Likelihood(places[i], Curve(answers[i])) / evidence;
        }
        return result;
    }

    private static double Curve(double t) => t + 0.3 * Math.Sin(2 * Math.PI * t);

    private static double Likelihood(double x, double middle) => Math.Exp(-0.5 * (x - middle) * (x - middle) / (Noise * Noise));
}
