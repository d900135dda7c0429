using System.Runtime.InteropServices;

namespace Cajal;

/// <summary>
/// What <see cref="R2Score"/> and <see cref="ExplainedVariance"/> share: per output, the spread of targets and of errors, kept by Welford's updates so that a
/// large mean costs no digits.
/// </summary>
public abstract class VarianceMetric : Metric
{
    private protected VarianceMetric()
    {
    }

    private protected struct Moments
    {
        internal const int Numbers = 5;

        internal double TargetMean, TargetSquares, ErrorMean, ErrorSquares, RawErrorSquares;

        internal void Add(double target, double error, long count)
        {
            double step = target - TargetMean, errorStep = error - ErrorMean;
            TargetMean += step / count;
            TargetSquares += step * (target - TargetMean);
            ErrorMean += errorStep / count;
            ErrorSquares += errorStep * (error - ErrorMean);
            RawErrorSquares += error * error;
        }
    }

    private Moments[] moments = [];
    private long count;

    /// <summary>The figure of each output, row by row of the axes behind the first.</summary>
    public double[] PerOutput => Array.ConvertAll(moments, output => count == 0 ? double.NaN : Of(output));

    /// <inheritdoc/>
    public sealed override double Value => moments.Length == 0 ? double.NaN : PerOutput.Average();

    /// <inheritdoc/>
    public sealed override void Reset() => (moments, count) = ([], 0);

    /// <inheritdoc/>
    public sealed override double[] SaveState() => [count, .. MemoryMarshal.Cast<Moments, double>(moments)];

    /// <inheritdoc/>
    public sealed override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length % Moments.Numbers == 1);
        (count, moments) = ((long)state[0], MemoryMarshal.Cast<double, Moments>(state[1..]).ToArray());
    }

    /// <inheritdoc/>
    public sealed override void Update(Tensor predictions, Tensor targets)
    {
        var (z, y, outputs) = Numbers.Of(GetType().Name, predictions, targets);
        if (moments.Length == 0) moments = new Moments[outputs];
        if (outputs != moments.Length) throw new ShapeException($"{GetType().Name}: predictions {predictions.Shape} have another number of outputs than the batches before, {moments.Length}.");
        for (int start = 0; start < z.Length; start += outputs)
        {
            count++;
            for (int output = 0; output < outputs; output++) moments[output].Add(y[start + output], z[start + output] - y[start + output], count);
        }
    }

    private protected abstract double Of(in Moments output);

    /// <summary>1 - left over / spread; a constant target counts as explained if nothing is left over, else as not at all, as in scikit-learn.</summary>
    private protected static double Share(double leftOver, double spread) => spread != 0 ? 1 - leftOver / spread : leftOver == 0 ? 1 : 0;
}

/// <summary>
/// 1 - Σ(z - y)² / Σ(y - ȳ)², the share of the variance that predictions explain, averaged over outputs: predictions z [N, ...], targets y [N, ...]. 1 is
/// perfect, 0 is as good as the mean, negative is worse. A constant target gives 1 if it is met exactly and 0 otherwise.
/// </summary>
public sealed class R2Score : VarianceMetric
{
    /// <inheritdoc/>
    public override string Name => "r2";

    private protected override double Of(in Moments output) => Share(output.RawErrorSquares, output.TargetSquares);
}

/// <summary>
/// 1 - Var(z - y) / Var(y), averaged over outputs: <see cref="R2Score"/> that forgives a constant offset. Predictions z [N, ...], targets y [N, ...].
/// </summary>
public sealed class ExplainedVariance : VarianceMetric
{
    /// <inheritdoc/>
    public override string Name => "explained_variance";

    private protected override double Of(in Moments output) => Share(output.ErrorSquares, output.TargetSquares);
}
