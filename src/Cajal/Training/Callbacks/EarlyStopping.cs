namespace Cajal;

/// <summary>Ends training when a figure has not improved for some epochs (Prechelt 1998, "Early stopping, but when?").</summary>
/// <param name="monitor">The figure, by its name in <see cref="History"/>.</param>
/// <param name="patience">After how many epochs in a row without improvement to stop, at least 1.</param>
/// <param name="minDelta">A change counts as an improvement only if it is larger than this.</param>
/// <param name="mode">Which way the figure should go.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is below 1, or <paramref name="minDelta"/> negative.</exception>
public sealed class EarlyStopping(string monitor = "val_loss", int patience = 10, double minDelta = 0, MonitorMode mode = MonitorMode.Auto) : Callback
{
    private readonly MonitoredFigure monitor = new(nameof(EarlyStopping), monitor, mode,
        minDelta >= 0 ? minDelta : throw new ArgumentOutOfRangeException(nameof(minDelta), minDelta, "EarlyStopping: minDelta must not be negative."));

    private readonly int patience = patience >= 1 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, "EarlyStopping: patience must be at least 1.");

    private int waited;

    /// <summary>The best value so far; NaN before the first epoch.</summary>
    public double Best { get; private set; } = double.NaN;

    /// <summary>The epoch of <see cref="Best"/>, from 1; 0 before the first one.</summary>
    public int BestEpoch { get; private set; }

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context) => monitor.Begin(context);

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context)
    {
        double value = monitor.Of(context.Result!);
        if (monitor.IsBetter(value, Best))
        {
            (Best, BestEpoch, waited) = (value, context.Epoch, 0);
            return;
        }
        if (++waited < patience) return;
        context.RequestStop(FormattableString.Invariant($"{monitor.Figure} has not improved for {waited} epochs; it was best in epoch {BestEpoch} with {Best:G6}"));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>
    {
        ["best"] = Tensor.Scalar(Best),
        ["best_epoch"] = Tensor.Scalar(BestEpoch),
        ["waited"] = Tensor.Scalar(waited),
    };

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        (Best, BestEpoch, waited) = (Number(state, "best"), (int)Number(state, "best_epoch"), (int)Number(state, "waited"));
    }
}
