namespace Cajal;

/// <summary>
/// Keeps a copy of the weights and buffers of the epoch that did best on the <i>validation</i> data, and puts them back when training ends. When training is interrupted it leaves the
/// network alone, since a resume must go on from where it stood; the copy is part of the checkpoint.
/// </summary>
/// <remarks>Together with <see cref="AverageWeights"/> it keeps the averaged weights that were measured; it must then come first in the list.</remarks>
/// <param name="monitor">A figure of the validation data, by its name in <see cref="History"/>.</param>
/// <param name="mode">Which way it should go.</param>
public sealed class BestWeights(string monitor = "val_loss", MonitorMode mode = MonitorMode.Auto) : Callback
{
    private const string WeightsPrefix = "weights.";

    private readonly MonitoredFigure monitor = new(nameof(BestWeights), monitor, mode);
    private readonly Dictionary<string, Tensor> weights = [];

    /// <summary>The best value so far; NaN before the first epoch.</summary>
    public double Best { get; private set; } = double.NaN;

    /// <summary>The epoch of <see cref="Best"/>, from 1; 0 before the first one.</summary>
    public int BestEpoch { get; private set; }

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        monitor.Begin(context, onlyValidation: true);
        foreach (var callback in context.Trainer.Callbacks)
        {
            if (callback == this) break;
            if (callback is AverageWeights) throw new ArgumentException("BestWeights must stand before AverageWeights in the list of callbacks, to see the averaged weights that are measured.");
        }
    }

    /// <inheritdoc/>
    public override void AfterValidation(TrainingContext context)
    {
        double value = monitor.Of(context.Result!);
        if (!monitor.IsBetter(value, Best)) return;
        (Best, BestEpoch) = (value, context.Epoch);
        foreach (var (key, tensor) in context.Net.StateDict())
        {
            if (weights.TryGetValue(key, out var copy)) copy.CopyFrom(tensor.Detach());
            else weights[key] = tensor.Detach().Clone();
        }
    }

    /// <inheritdoc/>
    public override void AfterFit(TrainingContext context)
    {
        if (!context.Interrupted && weights.Count > 0) context.Net.LoadStateDict(weights);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor> { ["best"] = Tensor.Scalar(Best), ["best_epoch"] = Tensor.Scalar(BestEpoch) };
        foreach (var (key, tensor) in weights) state[WeightsPrefix + key] = tensor;
        return state;
    }

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        (Best, BestEpoch) = (Number(state, "best"), (int)Number(state, "best_epoch"));
        weights.Clear();
        foreach (var (key, tensor) in state)
        {
            if (key.StartsWith(WeightsPrefix, StringComparison.Ordinal)) weights[key[WeightsPrefix.Length..]] = tensor.Clone();
        }
    }
}
