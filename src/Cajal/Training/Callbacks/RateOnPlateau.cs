namespace Cajal;

/// <summary>Lowers the learning rate when a figure has stopped getting better: <see cref="PlateauSchedule"/>, told once an epoch.</summary>
/// <param name="monitor">The figure, by its name in <see cref="History"/>.</param>
/// <param name="mode">Which way it should go.</param>
/// <param name="factor">The rate is multiplied by this.</param>
/// <param name="patience">Epochs without an improvement that are put up with.</param>
/// <param name="threshold">The least change that counts as one.</param>
/// <param name="relative">Whether the threshold is a share of the best value.</param>
/// <param name="cooldown">Epochs after a reduction that are not counted.</param>
/// <param name="lowest">The rate does not go below this.</param>
public sealed class RateOnPlateau(string monitor = "val_loss", MonitorMode mode = MonitorMode.Auto, double factor = 0.1, int patience = 10, double threshold = 1e-4, bool relative = true,
    int cooldown = 0, double lowest = 0) : Callback
{
    private readonly MonitoredFigure monitor = new(nameof(RateOnPlateau), monitor, mode);
    private PlateauSchedule? plateau;
    private PlateauSchedule.Memory? restored;

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        monitor.Begin(context);
        if (plateau is null) plateau = new(context.Optimizer, monitor.Up, factor, patience, threshold, relative, cooldown, lowest);
        if (restored is { } memory) plateau.State = memory;
        restored = null;
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context) => plateau!.Report(monitor.Of(context.Result!));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> StateDict()
    {
        if ((restored ?? plateau?.State) is not { } memory) return base.StateDict();
        return new Dictionary<string, Tensor>
        {
            ["best"] = Tensor.Scalar(memory.Best),
            ["bad_reports"] = Tensor.Scalar(memory.BadReports),
            ["cooldown_left"] = Tensor.Scalar(memory.CooldownLeft),
        };
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) =>
        restored = new(Number(state, "best"), (int)Number(state, "bad_reports"), (int)Number(state, "cooldown_left"));
}
