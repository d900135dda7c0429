namespace Cajal.Models;

/// <summary>
/// Solves dy/dt = f(t, y) from one time to the next, forwards or backwards. Everything is made of recorded ops, so gradients can be taken through the steps; <see cref="OdeAdjoint"/> does without.
/// </summary>
public abstract class OdeSolver
{
    /// <summary>Evaluations of f since it was made.</summary>
    public long Evaluations { get; private set; }

    /// <summary>y at every time of <paramref name="times"/>: y0 [...] → [times, ...], the first of which is y0.</summary>
    /// <param name="f">The right-hand side: time and state to the rate of change, of the state's shape.</param>
    /// <param name="y0">The state at the first time.</param>
    /// <param name="times">Rising or falling.</param>
    /// <exception cref="ArgumentException">Fewer than one time, or times that neither rise nor fall throughout.</exception>
    public Tensor Solve(Func<double, Tensor, Tensor> f, Tensor y0, IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(f);
        CheckTimes(times);
        var states = new Tensor[times.Count];
        states[0] = y0;
        for (int i = 1; i < states.Length; i++) states[i] = Advance(f, states[i - 1], times[i - 1], times[i]);
        return Tensor.Stack(states);
    }

    /// <summary>y at time <paramref name="to"/>, if it is <paramref name="y"/> at time <paramref name="from"/>.</summary>
    public abstract Tensor Advance(Func<double, Tensor, Tensor> f, Tensor y, double from, double to);

    /// <summary>f(t, y), counted and checked.</summary>
    private protected Tensor Evaluate(Func<double, Tensor, Tensor> f, double t, Tensor y)
    {
        Evaluations++;
        var rate = f(t, y);
        return rate.Shape == y.Shape ? rate : throw new ShapeException($"OdeSolver: f must give a rate of the shape of the state, {y.Shape}, but gave {rate.Shape}.");
    }

    internal static void CheckTimes(IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count == 0) throw new ArgumentException("OdeSolver: give at least one time.", nameof(times));
        for (int i = 1; i < times.Count; i++)
        {
            if (!(times[i] > times[i - 1] == times[^1] > times[0] && times[i] != times[i - 1]))
                throw new ArgumentException($"OdeSolver: times must rise or fall throughout, but {times[i]} follows {times[i - 1]}.", nameof(times));
        }
    }
}
