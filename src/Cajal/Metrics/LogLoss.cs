namespace Cajal;

/// <summary>
/// The mean of -ln p[y], in nats: predictions [N, K, d...] with targets [N, d...] class numbers, or one score ([N, d...] or [N, 1, d...]) for targets that
/// are 0 or 1.
/// </summary>
/// <param name="logits">Whether predictions are logits; otherwise they are probabilities, held at 2.2·10⁻¹⁶ or more.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class LogLoss(bool logits = true, long ignoreIndex = -100) : Metric
{
    /// <summary>2⁻⁵²: a certain mistake costs 36 nats.</summary>
    private const double LeastProbability = 2.220446049250313e-16;

    private double sum;
    private long total;

    /// <inheritdoc/>
    public override string Name => "log_loss";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => sum / total;

    /// <inheritdoc/>
    public override void Reset() => (sum, total) = (0, 0);

    /// <inheritdoc/>
    public override double[] SaveState() => [sum, total];

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<double> state)
    {
        CheckState(state.Length == 2);
        (sum, total) = (state[0], (long)state[1]);
    }

    /// <inheritdoc/>
    public override void Update(Tensor predictions, Tensor targets)
    {
        var rows = ClassDecisions.WithClassAxis("LogLoss", predictions, targets);
        int columns = rows.Dims[1];
        long[] labels = ClassDecisions.Labels("LogLoss", targets, Math.Max(2, columns), ignoreIndex);
        rows = rows.Detach().Cast(DType.Float64);
        double[] values = ClassDecisions.Rows(columns > 1 && logits ? -rows.LogSoftmax(1) : rows);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoreIndex) continue;
            total++;
            double own = values[columns == 1 ? i : i * columns + labels[i]];
            sum += columns == 1 ? (logits ? Softplus(labels[i] == 1 ? -own : own) : Cost(labels[i] == 1 ? own : 1 - own)) : logits ? own : Cost(own);
        }
    }

    private static double Cost(double probability) => -Math.Log(Math.Max(probability, LeastProbability));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
