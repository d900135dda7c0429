using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Two equations solved by networks that are told nothing but the equation: no value of the solution is in the training data.</summary>
public sealed class PinnExperiment : Experiment
{
    private const int Coarse = 1024, Fine = 2048;

    /// <inheritdoc/>
    public override string Name => "pinn";

    /// <inheritdoc/>
    public override string Summary => "Burgers' equation and the heat equation solved by physics-informed networks, beside finite differences";

    /// <inheritdoc/>
    public override string Source => "Raissi, Perdikaris and Karniadakis 2019; resampling by residual as Wu et al. 2023";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("heat_error", 0.01, "relative L2 error of the heat equation, over all x and t, against Crank and Nicolson's method", quick: 0.05, format: "0.000 %"),
        Goal.AtMost("burgers_error", 0.01, "relative L2 error of Burgers' equation with ν = 0.01/π, over all x and t, against finite differences", format: "0.000 %"),
        Goal.AtMost("reference_error", 0.001, "the largest relative change of the two references when the grid is twice as fine", quick: 0.001, format: "0.000 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        trial.Note("data: none but the equations; points where they must hold are drawn at random");
        double reference = Solve(trial, PhysicsProblem.Heat, new([20, 20], 0, 1), new(Points: trial.Quick ? 300 : 600, Adam: trial.Quick ? 150 : 400, Rounds: 1, Iterations: trial.Quick ? 100 : 300));
        if (!trial.Quick) reference = Math.Max(reference, Solve(trial, PhysicsProblem.Burgers, new([24, 24, 24, 24]), new(Points: 2000, Adam: 600, Rounds: 8, Iterations: 500)));
        trial.Figure("reference_error", reference);
    }

    /// <summary>How long is trained on how many points.</summary>
    /// <param name="Points">Points where the equation must hold.</param>
    /// <param name="Adam">Steps of Adam, on new points every time.</param>
    /// <param name="Rounds">Rounds of L-BFGS, each on points drawn where the residual is large.</param>
    /// <param name="Iterations">Iterations of a round.</param>
    private sealed record Plan(int Points, int Adam, int Rounds, int Iterations);

    /// <summary>Returns how much the reference changes when its grid is twice as fine.</summary>
    private static double Solve(Trial trial, PhysicsProblem problem, PhysicsNet net, Plan plan)
    {
        const double LearningRate = 3e-3;
        net.To(DType.Float64);
        var optimizer = new Adam(net, LearningRate);
        var schedule = new CosineSchedule(plan.Adam);
        for (int step = 1; step <= plan.Adam; step++)
        {
            optimizer.LearningRate = schedule.RateAt(LearningRate, step - 1);
            var (x, t) = Anywhere(problem, plan.Points);
            var loss = problem.ResidualAt(net, x, t).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            if (step % 20 == 0) trial.Step($"{problem.Name}, Adam", step, plan.Adam, ("loss", loss.Item()));
        }
        for (int round = 1; round <= plan.Rounds; round++)
        {
            var (x, t) = WhereItErrs(problem, net, plan.Points);
            Descend(trial, $"{problem.Name}, L-BFGS round {round} of {plan.Rounds}", problem, net, x, t, plan.Iterations);
        }

        double[,] found = problem.OnGrid(net), coarse = problem.Reference(Coarse), fine = problem.Reference(Fine);
        trial.Figure($"{problem.Name}_error", FiniteDifferences.RelativeError(found, fine));
        trial.Save($"{problem.Name}-net", net);
        trial.Picture($"{problem.Name}-solution", Map(problem, found), 800, 420);
        trial.Picture($"{problem.Name}-profiles", Profiles(problem, found, fine), 800, 480);
        return FiniteDifferences.RelativeError(coarse, fine);
    }

    private static void Descend(Trial trial, string stage, PhysicsProblem problem, PhysicsNet net, Tensor x, Tensor t, int iterations)
    {
        const int AtOnce = 25;
        var optimizer = new Lbfgs(net, maxIterations: AtOnce, historySize: 50, gradientTolerance: 1e-10, changeTolerance: 1e-14);
        for (int done = AtOnce; done <= iterations; done += AtOnce)
        {
            double loss = optimizer.Step(() => problem.ResidualAt(net, x, t).Square().Mean());
            trial.Step(stage, done, iterations, ("loss", loss));
        }
    }

    private static (Tensor X, Tensor T) Anywhere(PhysicsProblem problem, int points) =>
        (Tensor.Uniform([points, 1], problem.Left, problem.Right, DType.Float64), Tensor.Uniform([points, 1], 0, 1, DType.Float64));

    /// <summary>Of many random points so many, with probabilities proportional to 1 + the squared residual over its mean.</summary>
    private static (Tensor X, Tensor T) WhereItErrs(PhysicsProblem problem, PhysicsNet net, int points)
    {
        const int Candidates = 5;
        var (x, t) = Anywhere(problem, Candidates * points);
        double[] squares = problem.ResidualAt(net, x, t).Detach().Square().ToArray<double>();
        double mean = squares.Average();
        int[] chosen = Generator.Current.Choice(Array.ConvertAll(squares, square => 1 + square / mean), points, replacement: false);
        return (x.IndexSelect(0, chosen), t.IndexSelect(0, chosen));
    }

    private static ScottPlot.Plot Map(PhysicsProblem problem, double[,] found)
    {
        // Time runs to the right, place upwards.
        const int Columns = PhysicsProblem.Times + 1, Rows = PhysicsProblem.Places + 1;
        var turned = new double[Rows, Columns];
        for (int time = 0; time < Columns; time++)
        {
            for (int place = 0; place < Rows; place++) turned[Rows - 1 - place, time] = found[time, place];
        }
        var plot = Chart.New($"{problem.Name}: u(x, t) as the network has it", "t", "x");
        var map = plot.Add.Heatmap(turned);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        map.Extent = new(0, 1, problem.Left, problem.Right);
        plot.Add.ColorBar(map);
        plot.Axes.SetLimits(0, 1, problem.Left, problem.Right);
        plot.HideGrid();
        return plot;
    }

    private static ScottPlot.Plot Profiles(PhysicsProblem problem, double[,] found, double[,] reference)
    {
        double[] x = [.. Enumerable.Range(0, PhysicsProblem.Places + 1).Select(place => problem.Left + (problem.Right - problem.Left) * place / PhysicsProblem.Places)];
        var plot = Chart.New($"{problem.Name}: the solution at four times", "x", "u");
        int colour = 0;
        foreach (int time in (int[])[0, 25, 50, 100])
        {
            plot.Line($"network, t = {time / 100.0:0.##}", x, Row(found, time), colour++);
            plot.Line(time == 0 ? "finite differences" : "", x, Row(reference, time), colour: 7, thin: true);
        }
        return plot;

        static double[] Row(double[,] values, int time) => [.. Enumerable.Range(0, values.GetLength(1)).Select(place => values[time, place])];
    }
}
