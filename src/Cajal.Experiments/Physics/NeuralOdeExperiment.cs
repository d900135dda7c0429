using Cajal.Models;

namespace Cajal.Experiments;

/// <summary>Predators and prey: the equation of Lotka and Volterra learned from noisy counts, by a network that is its right-hand side; gradients of the adjoint equation compared with those through the steps.</summary>
public sealed class NeuralOdeExperiment : Experiment
{
    private const double Horizon = 6, Noise = 0.02, LearningRate = 2e-2;
    private const int Observations = 31;

    /// <inheritdoc/>
    public override string Name => "neural-ode";

    /// <inheritdoc/>
    public override string Summary => "a differential equation learned from noisy trajectories; adjoint gradients beside those through the solver";

    /// <inheritdoc/>
    public override string Source => "Chen, Rubanova, Bettencourt and Duvenaud 2018; Dormand and Prince 1980; Lotka 1925, Volterra 1926";

    /// <inheritdoc/>
    public override IReadOnlyList<Goal> Goals { get; } =
    [
        Goal.AtMost("adjoint_error", 1e-6, "relative difference between adjoint gradients and those through the steps of Dormand and Prince's method, in Float64", quick: 1e-6, format: "0.0E+0"),
        Goal.AtMost("relative_error", 0.01, "relative L2 error of trajectories from new starts, against the equation itself", quick: 0.25, format: "0.00 %"),
    ];

    /// <inheritdoc/>
    public override void Run(Trial trial)
    {
        int trajectories = trial.Quick ? 12 : 100, steps = trial.Quick ? 120 : 2000, test = 20;
        trial.Note($"data: simulated. {trajectories} trajectories of dx/dt = x (1 - y), dy/dt = y (x - 1) from random starts, {Observations} times in [0, {Horizon:0}], normal noise of {Noise} on every count");
        double[] times = [.. Enumerable.Range(0, Observations).Select(i => i * Horizon / (Observations - 1))];
        Tensor truth = Trajectories(trajectories, times), held = Trajectories(test, times);
        var seen = truth + Tensor.Normal(truth.Shape) * Noise;

        var net = new NeuralOde(2, [32, 32]);
        trial.Figure("adjoint_error", AdjointError());
        Train(trial, net, seen, times, steps);
        trial.Save("neural-ode", net);
        using var _ = new NoGrad();
        var found = net.Solve(new RungeKutta4(0.1), held.Select(0, 0), times);
        trial.Figure("relative_error", ((found - held).Norm() / held.Norm()).Item());
        trial.Picture("trajectories", Picture(net, seen.Narrow(1, 0, Math.Min(15, trajectories)), held), 640, 480);
    }

    /// <summary>x prey, y predators, in units in which all constants are 1: [..., 2] → [..., 2].</summary>
    private static Tensor Equation(Tensor state)
    {
        Tensor x = state.Narrow(state.Rank - 1, 0, 1), y = state.Narrow(state.Rank - 1, 1, 1);
        return Tensor.Concat([x * (1 - y), y * (x - 1)], -1);
    }

    /// <summary>[times, trajectories, 2], to eight digits.</summary>
    private static Tensor Trajectories(int count, double[] times) =>
        new DormandPrince(1e-9, 1e-9).Solve((_, y) => Equation(y), Tensor.Uniform([count, 2], 0.4, 1.8, DType.Float64), times).Cast(DType.Float32);

    /// <summary>Backpropagation through the steps, over horizons that grow: errors of early times must be small before those of late times mean anything. Starts are learned too, since the first counts are as noisy as the others.</summary>
    private static void Train(Trial trial, NeuralOde net, Tensor seen, double[] times, int steps)
    {
        const int ShortestHorizon = 6;
        const double GrowingShare = 0.5;
        var starts = new Parameter(seen.Select(0, 0).Clone());
        var optimizer = new Adam([.. net.Parameters(), starts], LearningRate);
        var schedule = new CosineSchedule(steps);
        var solver = new RungeKutta4(Horizon / (Observations - 1));
        for (int step = 1; step <= steps; step++)
        {
            optimizer.LearningRate = schedule.RateAt(LearningRate, step - 1);
            int horizon = Math.Min(Observations, ShortestHorizon + (int)((Observations - ShortestHorizon + 1) * step / (GrowingShare * steps)));
            var loss = (net.Solve(solver, starts, times[..horizon]) - seen.Narrow(0, 0, horizon)).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            Gradients.ClipNorm(net.Parameters(), 1);
            optimizer.Step();
            if (step % 20 == 0) trial.Step("equation", step, steps, ("loss", loss.Item()), ("horizon", times[horizon - 1]));
        }
    }

    /// <summary>|adjoint - through the steps| / |through the steps|, over all gradients of a small network together.</summary>
    private static double AdjointError()
    {
        double[] times = [0, 0.5, 1, 2];
        var net = new NeuralOde(2, [8]);
        net.To(DType.Float64);
        var start = Tensor.Uniform([3, 2], -1, 1, DType.Float64).WithGrad();
        var weights = Tensor.Normal([times.Length, 3, 2], dtype: DType.Float64);
        Tensor[] inputs = [start, .. net.Parameters()];
        Tensor[] Gradient(bool adjoint) => Differentiate.Grad((net.Solve(new DormandPrince(1e-10, 1e-10), start, times, adjoint) * weights).Sum(), inputs);
        var (through, adjoint) = (Gradient(false), Gradient(true));
        double difference = through.Zip(adjoint, (a, b) => (a - b).Square().Sum().Item()).Sum();
        return Math.Sqrt(difference / through.Sum(gradient => gradient.Square().Sum().Item()));
    }

    /// <summary>Noisy counts, true curves that were not in training, and the network's from the same starts, followed three times as long.</summary>
    private static ScottPlot.Plot Picture(NeuralOde net, Tensor seen, Tensor held)
    {
        const int Shown = 3, Points = 200;
        var plot = Chart.New("Predators and prey: an equation learned from noisy counts", "prey", "predators");
        double[] flat = seen.Cast(DType.Float64).Reshape(-1, 2).T.ToArray<double>();
        var cloud = plot.Add.ScatterPoints(flat[..(flat.Length / 2)], flat[(flat.Length / 2)..], Chart.Colours[8]);
        (cloud.LegendText, cloud.MarkerSize) = ("some of what was seen", 2);
        double[] times = [.. Enumerable.Range(0, Points).Select(i => 3 * Horizon * i / (Points - 1))];
        var starts = held.Select(0, 0).Narrow(0, 0, Shown);
        var found = net.Solve(new RungeKutta4(0.05), starts, times);
        var truth = new RungeKutta4(0.05).Solve((_, y) => Equation(y), starts, times);
        for (int i = 0; i < Shown; i++)
        {
            plot.Line(i == 0 ? "truth, new starts" : "", Axis(truth, i, 0), Axis(truth, i, 1), colour: 7, thin: true);
            plot.Line(i == 0 ? $"network, to t = {3 * Horizon:0}" : "", Axis(found, i, 0), Axis(found, i, 1), colour: 1);
        }
        return plot;

        static double[] Axis(Tensor states, int trajectory, int axis) => states.Select(1, trajectory).Select(1, axis).ToArray<double>();
    }
}
