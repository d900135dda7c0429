namespace Cajal.Models;

/// <summary>
/// Gradients of the solution of dy/dt = f(t, y; θ) without keeping its steps (Pontryagin 1962; Chen et al. 2018): a = dL/dy obeys da/dt = -aᵀ ∂f/∂y, and dL/dθ = ∫ aᵀ ∂f/∂θ dt; both are solved backwards together with y. Memory does not
/// grow with the number of steps. The gradients are those of the exact solution, so they agree with those through the solver's steps as well as the steps are fine.
/// </summary>
public static class OdeAdjoint
{
    /// <summary>As <see cref="OdeSolver.Solve"/>, with adjoint gradients for y0 and <paramref name="parameters"/>. They cannot be differentiated again.</summary>
    /// <param name="solver">Steps forwards and backwards.</param>
    /// <param name="f">The right-hand side.</param>
    /// <param name="y0">The state at the first time, [...].</param>
    /// <param name="times">Rising or falling.</param>
    /// <param name="parameters">What f depends on.</param>
    /// <returns>[times, ...].</returns>
    public static Tensor Solve(OdeSolver solver, Func<double, Tensor, Tensor> f, Tensor y0, IReadOnlyList<double> times, IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(solver);
        Parameter[] theta = [.. parameters];
        Tensor states;
        using (new NoGrad()) states = solver.Solve(f, y0, times);
        return Differentiate.WithRule("OdeAdjoint", states, [y0, .. theta], g =>
        {
            if (NoGrad.IsRecording) throw new NotSupportedException("OdeAdjoint: its gradients cannot be differentiated again. Take them through the steps: OdeSolver.Solve.");
            return Backwards(solver, f, states, g, times, theta);
        });
    }

    private static Tensor?[] Backwards(OdeSolver solver, Func<double, Tensor, Tensor> f, Tensor states, Tensor upstream, IReadOnlyList<double> times, Parameter[] theta)
    {
        var shape = states.Shape.ToArray()[1..];
        int size = states.Count / times.Count, length = 2 * size + theta.Sum(parameter => parameter.Count);
        var adjoint = upstream.Select(0, times.Count - 1).Reshape(size);
        var gradients = Tensor.Zeros([length - 2 * size], states.DType);
        for (int i = times.Count - 1; i > 0; i--)
        {
            var y = states.Select(0, i).Reshape(size);
            var end = solver.Advance(Rates, Tensor.Concat([y, adjoint, gradients]), times[i], times[i - 1]);
            adjoint = end.Narrow(0, size, size) + upstream.Select(0, i - 1).Reshape(size);
            gradients = end.Narrow(0, 2 * size, length - 2 * size);
        }
        var result = new Tensor?[theta.Length + 1];
        result[0] = adjoint.Reshape(shape);
        for (int p = 0, at = 0; p < theta.Length; at += theta[p++].Count) result[p + 1] = gradients.Narrow(0, at, theta[p].Count).Reshape(theta[p].Shape).Clone();
        return result;

        // The state's own rate, and minus the products of a with the derivatives of f.
        Tensor Rates(double t, Tensor all)
        {
            using var _ = new EnableGrad();
            var y = all.Narrow(0, 0, size).Reshape(shape).Detach().WithGrad();
            var a = all.Narrow(0, size, size).Reshape(shape).Detach();
            var rate = f(t, y);
            var pulled = Differentiate.Grad(rate, [y, .. theta], -a);
            return Tensor.Concat([rate.Detach().Reshape(size), .. pulled.Select(part => part.Reshape(part.Count))]);
        }
    }
}
