namespace Cajal;

/// <summary>
/// What <see cref="Precision"/>, <see cref="Recall"/> and <see cref="F1Score"/> share: a confusion matrix and a way to average over its classes.
/// </summary>
public abstract class ClassScore : Metric
{
    private readonly Averaging averaging;

    private protected ClassScore(Averaging averaging, double threshold, long ignoreIndex)
    {
        this.averaging = averaging;
        Matrix = new(threshold, ignoreIndex);
    }

    /// <inheritdoc/>
    public sealed override string Name => averaging.Named(Figure);

    /// <summary>The counts behind the figure.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The figure of each class, [K].</summary>
    public abstract double[] PerClass { get; }

    /// <inheritdoc/>
    public sealed override double Value => Average(averaging);

    /// <inheritdoc/>
    public sealed override void Reset() => Matrix.Reset();

    /// <inheritdoc/>
    public sealed override double[] SaveState() => Matrix.SaveState();

    /// <inheritdoc/>
    public sealed override void LoadState(ReadOnlySpan<double> state) => CheckState(Matrix.LoadState(state));

    /// <inheritdoc/>
    public sealed override void Update(Tensor predictions, Tensor targets) => Matrix.Update(predictions, targets);

    private protected abstract string Figure { get; }

    private protected abstract double Average(Averaging averaging);
}

/// <summary>Of the samples taken for a class, the share that belongs to it. Predictions and targets as in <see cref="Accuracy"/>.</summary>
/// <param name="averaging">How the figures of the classes become one.</param>
/// <param name="threshold">For one score per sample: class 1 is chosen above it. 0 suits logits; give 0.5 for probabilities.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class Precision(Averaging averaging = Averaging.Macro, double threshold = 0, long ignoreIndex = -100) : ClassScore(averaging, threshold, ignoreIndex)
{
    private protected override string Figure => "precision";

    /// <inheritdoc/>
    public override double[] PerClass => Matrix.Precision();

    private protected override double Average(Averaging averaging) => Matrix.Precision(averaging);
}

/// <summary>Of the samples of a class, the share that was found. Predictions and targets as in <see cref="Accuracy"/>.</summary>
/// <param name="averaging">How the figures of the classes become one.</param>
/// <param name="threshold">For one score per sample: class 1 is chosen above it. 0 suits logits; give 0.5 for probabilities.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class Recall(Averaging averaging = Averaging.Macro, double threshold = 0, long ignoreIndex = -100) : ClassScore(averaging, threshold, ignoreIndex)
{
    private protected override string Figure => "recall";

    /// <inheritdoc/>
    public override double[] PerClass => Matrix.Recall();

    private protected override double Average(Averaging averaging) => Matrix.Recall(averaging);
}

/// <summary>The harmonic mean of precision and recall, 2 P R / (P + R). Predictions and targets as in <see cref="Accuracy"/>.</summary>
/// <param name="averaging">How the figures of the classes become one.</param>
/// <param name="threshold">For one score per sample: class 1 is chosen above it. 0 suits logits; give 0.5 for probabilities.</param>
/// <param name="ignoreIndex">Targets with this number do not count.</param>
public sealed class F1Score(Averaging averaging = Averaging.Macro, double threshold = 0, long ignoreIndex = -100) : ClassScore(averaging, threshold, ignoreIndex)
{
    private protected override string Figure => "f1";

    /// <inheritdoc/>
    public override double[] PerClass => Matrix.F1();

    private protected override double Average(Averaging averaging) => Matrix.F1(averaging);
}
