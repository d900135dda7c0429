namespace Cajal;

/// <summary>Why <see cref="GradientDescent"/> stopped.</summary>
public enum DescentEnd
{
    /// <summary>The last step did not lower the objective by more than the tolerance.</summary>
    NoDecrease,

    /// <summary>The gradient is as good as zero.</summary>
    Flat,

    /// <summary>All iterations were used.</summary>
    IterationLimit,

    /// <summary>The objective became NaN or infinite; the parameters are those of the best point.</summary>
    Diverged,
}

/// <summary>What a descent did.</summary>
/// <param name="Objective">Its value at the start and after every accepted step.</param>
/// <param name="End">Why it stopped.</param>
public sealed record DescentResult(IReadOnlyList<double> Objective, DescentEnd End)
{
    /// <summary>Accepted steps.</summary>
    public int Iterations => Objective.Count - 1;

    /// <summary>The objective at the end.</summary>
    public double Value => Objective[^1];
}

/// <summary>
/// Steepest descent on the whole data at once: p ← p - η∇f(p) until the objective fails to decrease. A step that does not lower the objective is taken
/// back, so the parameters end at the lowest value seen; with backtracking it is halved and tried again first (Armijo's rule).
/// </summary>
/// <param name="learningRate">η, the length of a step in gradients.</param>
/// <param name="maxIterations">The most steps.</param>
/// <param name="tolerance">A smaller decrease of the objective counts as none.</param>
/// <param name="backtracking">Halve a step that fails, and lengthen the next again, instead of stopping.</param>
public sealed class GradientDescent(double learningRate, int maxIterations = 10_000, double tolerance = 0, bool backtracking = false)
{
    private const double SufficientDecrease = 1e-4, Growth = 2;
    private const int MostHalvings = 50;

    /// <summary>Descends from where the parameters of <paramref name="module"/> are.</summary>
    public DescentResult Minimise(Module module, Func<Tensor> objective) => Minimise(module.Parameters(), objective);

    /// <summary>Descends from where <paramref name="parameters"/> are.</summary>
    /// <param name="parameters">What is moved.</param>
    /// <param name="objective">The loss over all data, a single number.</param>
    public DescentResult Minimise(IEnumerable<Parameter> parameters, Func<Tensor> objective)
    {
        if (!(learningRate > 0) || !double.IsFinite(learningRate)) throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "GradientDescent: the learning rate must be a finite number above zero.");
        var flat = new FlatParameters("GradientDescent", parameters);
        var (value, gradient) = flat.Evaluate(objective);
        if (!double.IsFinite(value)) throw new DivergenceException($"GradientDescent: the objective is {value} at the start. Is there NaN in the data or in the parameters?");
        var values = new List<double> { value };
        double rate = learningRate;
        for (int iteration = 0; iteration < maxIterations; iteration++)
        {
            double square = gradient.Sum(g => g * g);
            if (square == 0) return new(values, DescentEnd.Flat);
            double[] start = flat.Read();
            var (next, nextGradient) = Try(rate);
            if (backtracking)
            {
                for (int halving = 0; halving < MostHalvings && !(next <= value - SufficientDecrease * rate * square); halving++)
                {
                    rate /= 2;
                    (next, nextGradient) = Try(rate);
                }
            }
            if (!(next < value - tolerance))
            {
                flat.Write(start, gradient, 0);
                return new(values, double.IsFinite(next) ? DescentEnd.NoDecrease : DescentEnd.Diverged);
            }
            (value, gradient) = (next, nextGradient);
            values.Add(value);
            if (backtracking) rate *= Growth;

            (double, double[]) Try(double step)
            {
                flat.Write(start, gradient, -step);
                return flat.Evaluate(objective);
            }
        }
        return new(values, DescentEnd.IterationLimit);
    }
}
