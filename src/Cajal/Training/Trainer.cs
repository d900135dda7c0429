namespace Cajal;

/// <summary>
/// Fits a network to data: batches in a seeded order, metrics, callbacks, validation, divergence found and named, checkpoints that go on bit for bit from any batch.
/// </summary>
/// <remarks>The same seed gives the same bits on any number of threads, in one run or in several with checkpoints between them.</remarks>
/// <param name="net">The network: inputs [N, ...] → predictions [N, ...].</param>
/// <param name="loss">What is minimised.</param>
/// <param name="optimizer">How; made for the parameters of <paramref name="net"/>.</param>
public sealed partial class Trainer(Module net, Loss loss, Optimizer optimizer)
{
    private readonly List<EpochResult> completed = [];
    private TrainingPosition position = new();
    private Generator? generator;
    private Callback[] callbacks = [];
    private Metric[] metrics = [];
    private FitRun? current;
    private string? stopReason;

    /// <summary>Whether a loaded checkpoint said that a callback had ended that training.</summary>
    private bool restoredStop;

    /// <summary>Set where the state is not one to go on from: inside a batch, and while some callbacks know of an event and others do not.</summary>
    private bool halfway;

    /// <summary>The network.</summary>
    public Module Net => net;

    /// <summary>What is minimised.</summary>
    public Loss Loss => loss;

    /// <summary>How.</summary>
    public Optimizer Optimizer => optimizer;

    /// <summary>Epochs finished so far, those before a resume included.</summary>
    public int CompletedEpochs => position.Epochs;

    /// <summary>Steps of the optimiser so far, those before a resume included.</summary>
    public long CompletedSteps => position.Steps;

    /// <summary>Rescales the gradients when their joint norm exceeds this; none by default.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>Cuts every element of the gradients to ± this, before the norm is looked at; none by default.</summary>
    public double? ClipGradientValue { get; init; }

    /// <summary>
    /// Looks for NaN and infinity in the gradients before every step, so that the weights are never spoilt. Without it (and without clipping, which looks anyway) a bad gradient is
    /// noticed one batch later, or at the end of the epoch.
    /// </summary>
    public bool CheckGradients { get; init; }

    /// <summary>
    /// The factor on the initial learning rate as a function of the share of training done, in [0, 1); constant by default. For the library's schedules by steps or epochs, and for reduction
    /// on a plateau, there are the callbacks <see cref="RateSchedule"/> and <see cref="RateOnPlateau"/>.
    /// </summary>
    public Func<double, double>? Schedule { get; init; }

    /// <summary>Added to the loss once for every step: a penalty such as <see cref="Penalty.Ridge"/>.</summary>
    public Func<Module, Tensor>? Regularizer { get; init; }

    /// <summary>Figures of merit taken on the training data (while the network learns) and on the validation data.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>What else takes part, in this order.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Called after every epoch, behind all callbacks: the place to save a checkpoint by hand.</summary>
    public event Action<EpochResult>? EpochEnded;

    internal IReadOnlyList<EpochResult> Completed => completed;

    /// <summary>Trains until <paramref name="epochs"/> epochs are complete in all, and leaves the network in evaluation mode.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="epochs">Passes over the data, those already completed included.</param>
    /// <param name="batchSize">Samples per batch.</param>
    /// <param name="validation">Data to look at after every epoch; never trained on.</param>
    /// <param name="seed">Fixes order, augmentation, dropout and the validation split. The first fit decides it (default 0); later ones may leave it out.</param>
    /// <param name="augment">A random change of every training batch.</param>
    /// <param name="accumulate">
    /// Batches per step: their gradients are weighted by their numbers of samples and added, which equals one batch so many times as large, to rounding. The last group of an epoch may be smaller.
    /// (A loss whose mean is weighted otherwise than by samples, such as cross-entropy with class weights, is weighted within each batch.)
    /// </param>
    /// <param name="validationSplit">The share of <paramref name="train"/> to set aside for validation instead of giving data for it, in [0, 1); keeps each class's share.</param>
    /// <param name="workers">Threads that prepare batches; chosen from the data by default. Results do not depend on it.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Interrupts after the batch under way; <see cref="SaveCheckpoint"/> then stores the place to go on from.</param>
    /// <exception cref="ArgumentException">An argument is out of range or does not fit the training that is resumed.</exception>
    /// <exception cref="DivergenceException">Loss, gradients or weights are no longer finite numbers.</exception>
    public History Fit(Dataset train, int epochs, int batchSize = 32, Dataset? validation = null, int? seed = null, Transform? augment = null, int accumulate = 1, double validationSplit = 0,
        int? workers = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        int chosen = seed ?? position.Seed ?? 0;
        if (validationSplit != 0) (train, validation) = SetAside(train, validation, validationSplit, chosen);
        var loader = new DataLoader(train, batchSize, shuffle: true, seed: chosen, workers: workers, transform: augment);
        return Fit(loader, epochs, validation, accumulate, progress, cancellation);
    }

    /// <summary>Trains on what a loader of one's own delivers: another sampler, full batches only. Its seed fixes dropout too.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset?, int?, Transform?, int, double, int?, IProgress{TrainingProgress}?, CancellationToken)"/>
    public History Fit(DataLoader train, int epochs, Dataset? validation = null, int accumulate = 1, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (current is not null) throw new InvalidOperationException("Trainer.Fit: this trainer is fitting already.");
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulate, 1);
        if (loss.Reduction == Reduction.None) throw new ArgumentException($"Trainer.Fit: {loss.GetType().Name} must give a single number to minimise; make it with Reduction.Mean or Reduction.Sum.");
        if (train.Count == 0) throw new ArgumentException("Trainer.Fit: the training data hold no batch; give more samples or a smaller batch size.", nameof(train));
        Settle(train, accumulate);
        if (!restoredStop) stopReason = null;
        restoredStop = false;
        generator ??= new Generator(unchecked((ulong)train.State.Seed), stream: 1);
        var context = new TrainingContext(this, train, validation, epochs) { Step = position.Steps, StopReason = stopReason, Result = completed.LastOrDefault() };
        (callbacks, metrics) = ([.. Callbacks], [.. Metrics]);
        current = new FitRun(context, [.. net.NamedParameters()], progress, cancellation);
        try
        {
            using var scope = generator.Use();
            net.Train();
            Tell(context, static (callback, present) => callback.BeforeFit(present));
            bool whole = RunEpochs(current);
            context.Interrupted = !whole && context.StopReason is null;
            Tell(context, static (callback, present) => callback.AfterFit(present));
        }
        finally
        {
            (current, halfway) = (null, false);
            net.Eval();
        }
        return new([.. completed], context.Interrupted) { StopReason = stopReason };
    }

    private bool RunEpochs(FitRun fit)
    {
        var context = fit.Context;
        while (position.Epochs < context.Epochs && context.StopReason is null)
        {
            if (!RunEpoch(fit)) return false;
            FinishEpoch(fit);
        }
        return true;
    }

    /// <summary>Goes through the rest of the epoch under way. False if it was left early.</summary>
    private bool RunEpoch(FitRun fit)
    {
        var context = fit.Context;
        (context.Epoch, context.Batch) = (position.Epochs + 1, position.Batches);
        fit.BeginEpoch(position);
        if (position.Batches == 0)
        {
            ResetMetrics();
            Tell(context, static (callback, present) => callback.BeforeEpoch(present));
        }
        if (fit.Cancellation.IsCancellationRequested) return false;
        // A run that was cut off just behind the last batch has only the end of the epoch left to do.
        if (position.Batches == context.Batches) return true;
        context.Loader.Restore(new LoaderState(position.Seed!.Value, position.Epochs, position.Batches));
        foreach (var batch in context.Loader)
        {
            TakeBatch(fit, batch);
            if (callbacks.Length > 0) Tell(context, static (callback, present) => callback.AfterBatch(present));
            fit.Report(position, optimizer.LearningRate);
            if (context.StopReason is null && !fit.Cancellation.IsCancellationRequested) continue;
            position.Elapsed = fit.EpochElapsed;
            return context.StopReason is not null && position.Batches == context.Batches;
        }
        return true;
    }

    private void FinishEpoch(FitRun fit)
    {
        var context = fit.Context;
        CheckWeights(fit);
        var metrics = MetricValues();
        var evaluation = context.ValidationData is null ? null : Validate(context, context.ValidationData);
        var result = new EpochResult(position.Epochs + 1, position.LossSum / position.Samples, evaluation, optimizer.LearningRate, fit.EpochElapsed) { Metrics = metrics };
        completed.Add(result);
        position.NextEpoch();
        context.Result = result;
        if (evaluation is not null) Tell(context, static (callback, present) => callback.AfterValidation(present), save: false);
        Tell(context, static (callback, present) => callback.AfterEpoch(present));
        EpochEnded?.Invoke(result);
    }

    private Evaluation Validate(TrainingContext context, Dataset data)
    {
        Tell(context, static (callback, present) => callback.BeforeValidation(present), save: false);
        return Measure(data, details: false);
    }

    /// <summary>Tells every callback, then writes the checkpoints they asked for: each holds what all of them know.</summary>
    private void Tell(TrainingContext context, Action<Callback, TrainingContext> tell, bool save = true)
    {
        halfway = true;
        foreach (var callback in callbacks) tell(callback, context);
        halfway = false;
        stopReason = context.StopReason;
        if (save) context.WriteCheckpoints();
    }

    /// <summary>The seed is settled by the first fit, the sizes by the position inside an epoch.</summary>
    private void Settle(DataLoader train, int accumulate)
    {
        int seed = train.State.Seed;
        if (position.Seed is { } known && known != seed)
            throw new ArgumentException($"Trainer.Fit: this training began with seed {known} and cannot go on with seed {seed}; leave the seed out, or make a new trainer.", nameof(seed));
        if (position.Batches > 0 && (position.BatchSize, position.EpochSamples, position.Accumulate) != (train.BatchSize, train.SamplesPerEpoch, accumulate))
        {
            throw new ArgumentException(
                $"Trainer.Fit: training stands inside an epoch of {position.EpochSamples} samples in batches of {position.BatchSize}, {position.Accumulate} per step, and cannot go on with "
                + $"{train.SamplesPerEpoch} samples in batches of {train.BatchSize}, {accumulate} per step. Give the same data, batchSize and accumulate as before.");
        }
        (position.Seed, position.BatchSize, position.EpochSamples, position.Accumulate) = (seed, train.BatchSize, train.SamplesPerEpoch, accumulate);
    }

    private static (Dataset Train, Dataset Validation) SetAside(Dataset train, Dataset? validation, double share, int seed)
    {
        if (validation is not null) throw new ArgumentException("Trainer.Fit: give either validation data or a validationSplit, not both.", nameof(validation));
        if (!(share > 0 && share < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "Trainer.Fit: validationSplit must lie in [0, 1).");
        var (kept, aside) = train.Split(1 - share, seed);
        if (kept.Count == 0 || aside.Count == 0)
            throw new ArgumentException($"Trainer.Fit: a validationSplit of {share} divides {train.Count} samples into {kept.Count} and {aside.Count}; both parts need at least one.");
        return (kept, aside);
    }
}
