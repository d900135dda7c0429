namespace Cajal;

/// <summary>
/// Takes part in training: is told what happens, may read and change the network and the optimiser, and may end training. Give it to <see cref="Trainer.Callbacks"/>.
/// </summary>
/// <remarks>
/// The order is BeforeFit, then per epoch BeforeEpoch, then per batch BeforeStep and AfterStep (with gradient accumulation only around a group of batches) and AfterBatch, then
/// BeforeValidation and AfterValidation (only with validation data) and AfterEpoch, then AfterFit. Callbacks are told in the order of the list. After a resume in the middle of an epoch
/// BeforeFit is called, but not the BeforeEpoch of that epoch.
/// </remarks>
public abstract class Callback
{
    /// <summary>Training begins, or goes on after a resume.</summary>
    public virtual void BeforeFit(TrainingContext context)
    {
    }

    /// <summary>An epoch begins.</summary>
    public virtual void BeforeEpoch(TrainingContext context)
    {
    }

    /// <summary>
    /// The first batch of a step comes next: the place for learning rates. Called again for the same step after a resume between its batches, so it should depend on
    /// <see cref="TrainingContext.Step"/>, the steps already taken, and not count by itself.
    /// </summary>
    public virtual void BeforeStep(TrainingContext context)
    {
    }

    /// <summary>The optimiser has just moved the weights: the place for constraints and running averages. With gradient accumulation this is not after every batch.</summary>
    public virtual void AfterStep(TrainingContext context)
    {
    }

    /// <summary>A batch is done; <see cref="TrainingContext.BatchLoss"/> is its loss.</summary>
    public virtual void AfterBatch(TrainingContext context)
    {
    }

    /// <summary>The network is about to be measured on the validation data.</summary>
    public virtual void BeforeValidation(TrainingContext context)
    {
    }

    /// <summary>The network was measured on the validation data; <see cref="TrainingContext.Result"/> has the figures.</summary>
    public virtual void AfterValidation(TrainingContext context)
    {
    }

    /// <summary>An epoch is complete and part of <see cref="TrainingContext.History"/>.</summary>
    public virtual void AfterEpoch(TrainingContext context)
    {
    }

    /// <summary>Training ends: all epochs are done, a stop was requested, or it was interrupted. Not called when an exception ends it.</summary>
    public virtual void AfterFit(TrainingContext context)
    {
    }

    /// <summary>What a checkpoint must keep so that training goes on exactly; empty if there is nothing.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>();

    /// <summary>Restores what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">An entry is missing or does not fit.</exception>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
    }

    /// <summary>An entry of a state.</summary>
    /// <exception cref="ArgumentException">There is no such entry.</exception>
    protected Tensor Entry(IReadOnlyDictionary<string, Tensor> state, string key) =>
        state.TryGetValue(key, out var tensor) ? tensor : throw new ArgumentException($"The saved state of {GetType().Name} has no entry \"{key}\".", nameof(state));

    /// <summary>A number in a state.</summary>
    /// <exception cref="ArgumentException">There is no such entry, or it is no single number.</exception>
    protected double Number(IReadOnlyDictionary<string, Tensor> state, string key) => Entry(state, key) is { Count: 1 } tensor
        ? tensor.Item()
        : throw new ArgumentException($"The entry \"{key}\" in the saved state of {GetType().Name} must be a single number.", nameof(state));
}
