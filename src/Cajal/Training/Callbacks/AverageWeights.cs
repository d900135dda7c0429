namespace Cajal;

/// <summary>
/// Keeps a running average of the weights, measures it (instead of the weights at hand) on the validation data, and leaves it in the network when training ends. The running statistics of batch
/// normalisation are then computed anew from the training data. An interrupted network keeps the weights at hand, from which a resume goes on.
/// </summary>
/// <param name="average">The average, made for the trainer's network: <see cref="ExponentialMovingAverage"/> or <see cref="StochasticWeightAverage"/>.</param>
/// <param name="byEpoch">Take the weights after every epoch, as stochastic weight averaging does; else after every step of the optimiser.</param>
/// <param name="firstEpoch">The first epoch, from 1, whose weights count.</param>
public sealed class AverageWeights(WeightAverage average, bool byEpoch = false, int firstEpoch = 1) : Callback
{
    private IDisposable? applied;

    /// <inheritdoc/>
    public override void AfterStep(TrainingContext context)
    {
        if (!byEpoch && context.Epoch >= firstEpoch) average.Update();
    }

    /// <inheritdoc/>
    public override void BeforeValidation(TrainingContext context)
    {
        // By epochs, the epoch that is measured is the newest member of the average.
        TakeEpoch(context);
        if (average.Updates > 0) applied = average.Applied();
    }

    /// <inheritdoc/>
    public override void AfterValidation(TrainingContext context)
    {
        applied?.Dispose();
        applied = null;
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context)
    {
        if (!context.HasValidation) TakeEpoch(context);
    }

    /// <inheritdoc/>
    public override void AfterFit(TrainingContext context)
    {
        // BestWeights, which comes earlier, has already put the best of the averages into the network.
        if (context.Interrupted || average.Updates == 0 || context.Trainer.Callbacks.Any(callback => callback is BestWeights)) return;
        average.CopyTo();
        average.UpdateStatistics(context.TrainingData);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> StateDict() => average.StateDict();

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => average.LoadStateDict(state);

    private void TakeEpoch(TrainingContext context)
    {
        if (byEpoch && context.Epoch >= firstEpoch) average.Update();
    }
}
