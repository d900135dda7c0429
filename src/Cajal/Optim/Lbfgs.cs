using System.Numerics.Tensors;

namespace Cajal;

/// <summary>How <see cref="Lbfgs"/> chooses the length of a step.</summary>
public enum LineSearch
{
    /// <summary>Always the learning rate (the first step is shortened).</summary>
    None,

    /// <summary>A length that lowers the objective enough and flattens its slope: the strong Wolfe conditions (Nocedal and Wright 2006, algorithm 3.5).</summary>
    StrongWolfe,
}

/// <summary>
/// Limited-memory BFGS (Nocedal 1980): Newton's method with the inverse Hessian built from the latest changes of gradient and parameters, for
/// small problems without noise. One <see cref="Step"/> is up to <c>maxIterations</c> iterations on one objective.
/// </summary>
public sealed class Lbfgs
{
    private readonly FlatParameters parameters;
    private readonly List<(double[] Gradient, double[] Step, double Inverse)> history = [];
    private double[]? direction, lastGradient;
    private double length, scale = 1;

    /// <summary>Optimises all parameters of a module.</summary>
    public Lbfgs(Module module, double learningRate = 1, int maxIterations = 20, int? maxEvaluations = null, double gradientTolerance = 1e-7,
        double changeTolerance = 1e-9, int historySize = 100, LineSearch lineSearch = LineSearch.StrongWolfe)
        : this(module.Parameters(), learningRate, maxIterations, maxEvaluations, gradientTolerance, changeTolerance, historySize, lineSearch)
    {
    }

    /// <summary>Optimises <paramref name="parameters"/>.</summary>
    /// <param name="parameters">What is moved.</param>
    /// <param name="learningRate">The step length that is tried first.</param>
    /// <param name="maxIterations">Iterations in one step.</param>
    /// <param name="maxEvaluations">Evaluations of the objective in one step; 5/4 of the iterations when null.</param>
    /// <param name="gradientTolerance">Stop when no component of the gradient is larger.</param>
    /// <param name="changeTolerance">Stop when neither parameters nor objective change by more.</param>
    /// <param name="historySize">Pairs of changes remembered.</param>
    /// <param name="lineSearch">How far to go.</param>
    public Lbfgs(IEnumerable<Parameter> parameters, double learningRate = 1, int maxIterations = 20, int? maxEvaluations = null, double gradientTolerance = 1e-7,
        double changeTolerance = 1e-9, int historySize = 100, LineSearch lineSearch = LineSearch.StrongWolfe)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxIterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(historySize, 1);
        this.parameters = new FlatParameters("Lbfgs", parameters);
        LearningRate = learningRate;
        MaxIterations = maxIterations;
        MaxEvaluations = maxEvaluations ?? maxIterations * 5 / 4;
        GradientTolerance = gradientTolerance;
        ChangeTolerance = changeTolerance;
        HistorySize = historySize;
        LineSearch = lineSearch;
    }

    /// <summary>The step length that is tried first.</summary>
    public double LearningRate { get; set; }

    /// <summary>Iterations in one step.</summary>
    public int MaxIterations { get; }

    /// <summary>Evaluations of the objective in one step.</summary>
    public int MaxEvaluations { get; }

    /// <summary>Stop when no component of the gradient is larger.</summary>
    public double GradientTolerance { get; }

    /// <summary>Stop when neither parameters nor objective change by more.</summary>
    public double ChangeTolerance { get; }

    /// <summary>Pairs of changes remembered.</summary>
    public int HistorySize { get; }

    /// <summary>How far to go.</summary>
    public LineSearch LineSearch { get; }

    /// <summary>Iterations done since it was made.</summary>
    public long Iterations { get; private set; }

    /// <summary>Evaluations of the objective since it was made.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Moves the parameters down the objective. Returns its value at the start.</summary>
    /// <param name="objective">Computes the loss, a single number; gradients are taken here. It must give the same value for the same parameters: no dropout, no new batch.</param>
    /// <exception cref="DivergenceException">The objective is not a finite number at the start.</exception>
    public double Step(Func<Tensor> objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var (loss, gradient) = Evaluate(objective);
        double first = loss;
        if (!double.IsFinite(first)) throw new DivergenceException($"Lbfgs: the objective is {first} at the start of a step. Is there NaN in the data, or was the step before too long?");
        if (Largest(gradient) <= GradientTolerance) return first;
        int evaluations = 1;
        for (int iteration = 1; iteration <= MaxIterations; iteration++)
        {
            Iterations++;
            Turn(gradient);
            double slope = TensorPrimitives.Dot<double>(gradient, direction), before = loss;
            if (slope > -ChangeTolerance) break;
            length = Iterations == 1 ? Math.Min(1, 1 / TensorPrimitives.SumOfMagnitudes<double>(gradient)) * LearningRate : LearningRate;
            if (LineSearch == LineSearch.StrongWolfe)
            {
                var start = parameters.Read();
                var found = WolfeSearch.Run(t =>
                {
                    evaluations++;
                    parameters.Write(start, direction!, t);
                    return Evaluate(objective);
                }, direction!, length, loss, gradient, slope, ChangeTolerance);
                (length, loss, gradient) = (found.Length, found.Value, found.Gradient);
                parameters.Write(start, direction!, length);
            }
            else
            {
                parameters.Write(parameters.Read(), direction!, length);
                if (iteration == MaxIterations) break;
                (loss, gradient) = Evaluate(objective);
                evaluations++;
            }
            if (evaluations >= MaxEvaluations || Largest(gradient) <= GradientTolerance) break;
            if (Largest(direction!) * Math.Abs(length) <= ChangeTolerance || Math.Abs(loss - before) < ChangeTolerance) break;
        }
        return first;
    }

    /// <summary>What it remembers, to go on exactly from here.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>
        {
            ["iterations"] = Tensor.Scalar(Iterations), ["evaluations"] = Tensor.Scalar(Evaluations), ["length"] = Tensor.Scalar(length), ["scale"] = Tensor.Scalar(scale),
            ["learning_rate"] = Tensor.Scalar(LearningRate),
        };
        if (direction is not null) state["direction"] = Vector(direction);
        if (lastGradient is not null) state["gradient"] = Vector(lastGradient);
        for (int i = 0; i < history.Count; i++)
        {
            state[$"history.{i}.gradient"] = Vector(history[i].Gradient);
            state[$"history.{i}.step"] = Vector(history[i].Step);
        }
        return state;

        static Tensor Vector(double[] values) => Tensor.From(values, values.Length);
    }

    /// <summary>Restores what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">The state belongs to other parameters or another optimiser.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (string key in (string[])["iterations", "evaluations", "length", "scale", "learning_rate"])
        {
            if (!state.ContainsKey(key)) throw new ArgumentException($"Lbfgs: the saved state has no entry \"{key}\"; it was written by another optimiser.");
        }
        var pairs = new List<(double[], double[], double)>();
        while (Saved($"history.{pairs.Count}.gradient") is { } y && Saved($"history.{pairs.Count}.step") is { } s) pairs.Add((y, s, 1 / TensorPrimitives.Dot<double>(y, s)));
        (direction, lastGradient) = (Saved("direction"), Saved("gradient"));
        (Iterations, Evaluations) = ((long)state["iterations"].Item(), (long)state["evaluations"].Item());
        (length, scale, LearningRate) = (state["length"].Item(), state["scale"].Item(), state["learning_rate"].Item());
        history.Clear();
        history.AddRange(pairs);

        double[]? Saved(string key)
        {
            if (!state.TryGetValue(key, out var tensor)) return null;
            if (tensor.Rank != 1 || tensor.Count != parameters.Count) throw new ArgumentException($"Lbfgs: the saved {key} is {tensor.Shape}, but there are {parameters.Count} parameters.");
            return tensor.ToArray<double>();
        }
    }

    private (double, double[]) Evaluate(Func<Tensor> objective)
    {
        Evaluations++;
        return parameters.Evaluate(objective);
    }

    /// <summary>The new direction: minus the inverse Hessian, as remembered, times the gradient (two-loop recursion).</summary>
    private void Turn(double[] gradient)
    {
        var d = new double[gradient.Length];
        TensorPrimitives.Negate<double>(gradient, d);
        if (direction is not null && lastGradient is not null)
        {
            Remember(gradient, direction, lastGradient);
            var shares = new double[history.Count];
            for (int i = history.Count - 1; i >= 0; i--)
            {
                var (y, s, inverse) = history[i];
                shares[i] = TensorPrimitives.Dot<double>(s, d) * inverse;
                TensorPrimitives.MultiplyAdd(y, -shares[i], d, d);
            }
            TensorPrimitives.Multiply(d, scale, d);
            for (int i = 0; i < history.Count; i++)
            {
                var (y, s, inverse) = history[i];
                TensorPrimitives.MultiplyAdd(s, shares[i] - TensorPrimitives.Dot<double>(y, d) * inverse, d, d);
            }
        }
        direction = d;
        lastGradient = gradient;
    }

    private void Remember(double[] gradient, double[] lastDirection, double[] before)
    {
        double[] y = new double[gradient.Length], s = new double[gradient.Length];
        TensorPrimitives.Subtract<double>(gradient, before, y);
        TensorPrimitives.Multiply(lastDirection, length, s);
        double curvature = TensorPrimitives.Dot<double>(y, s);
        // A pair without positive curvature would make the inverse Hessian indefinite.
        if (curvature <= 1e-10) return;
        if (history.Count == HistorySize) history.RemoveAt(0);
        history.Add((y, s, 1 / curvature));
        scale = curvature / TensorPrimitives.SumOfSquares<double>(y);
    }

    private static double Largest(double[] values) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));
}
