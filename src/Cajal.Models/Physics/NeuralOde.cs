namespace Cajal.Models;

/// <summary>
/// A differential equation whose right-hand side is a network (Chen et al. 2018): dy/dt = net(y), for y [..., features]. The equation does not depend on time; append time to the state if it should.
/// </summary>
/// <param name="features">Length of the last axis of y.</param>
/// <param name="hidden">Widths of the hidden layers, which end in tanh, so that rates are smooth.</param>
public sealed partial class NeuralOde(int features, int[] hidden) : Module
{
    private readonly Sequential net = Layers(features, hidden);

    /// <summary>The rate of change at y: [..., features] → [..., features].</summary>
    /// <exception cref="ShapeException">The last axis of y is not features long.</exception>
    public override Tensor Forward(Tensor y)
    {
        if (y.Rank == 0 || y.Shape[^1] != features) throw new ShapeException($"{Label}: the last axis of y must be features = {features}, but y is {y.Shape}.");
        return Report(y, net.Call(y));
    }

    /// <summary>The states at <paramref name="times"/>: y0 [..., features] → [times, ..., features].</summary>
    /// <param name="solver">How steps are made.</param>
    /// <param name="y0">The state at the first time.</param>
    /// <param name="times">Rising or falling.</param>
    /// <param name="adjoint">Whether gradients come from the adjoint equation instead of the recorded steps: <see cref="OdeAdjoint"/>.</param>
    public Tensor Solve(OdeSolver solver, Tensor y0, IReadOnlyList<double> times, bool adjoint = false)
    {
        ArgumentNullException.ThrowIfNull(solver);
        return adjoint ? OdeAdjoint.Solve(solver, (_, y) => Forward(y), y0, times, Parameters()) : solver.Solve((_, y) => Forward(y), y0, times);
    }

    private static Sequential Layers(int features, int[] hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        var layers = new List<Module>();
        int width = features;
        foreach (int next in hidden)
        {
            layers.AddRange([new Linear(width, next), new Tanh()]);
            width = next;
        }
        layers.Add(new Linear(width, features));
        return new([.. layers]);
    }
}
