namespace Cajal;

/// <summary>What a <see cref="Callback"/> sees of training. One object serves a whole fit; read it, do not keep it.</summary>
public sealed class TrainingContext
{
    private readonly List<(string Path, Action? Saved)> wanted = [];

    internal TrainingContext(Trainer trainer, DataLoader loader, Dataset? validation, int epochs)
    {
        Trainer = trainer;
        Loader = loader;
        ValidationData = validation;
        Epochs = epochs;
    }

    /// <summary>The trainer at work.</summary>
    public Trainer Trainer { get; }

    /// <summary>The network, in training mode.</summary>
    public Module Net => Trainer.Net;

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer => Trainer.Optimizer;

    /// <summary>The present epoch, from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The last epoch planned.</summary>
    public int Epochs { get; }

    /// <summary>Batches done in this epoch.</summary>
    public int Batch { get; internal set; }

    /// <summary>Batches per epoch.</summary>
    public int Batches => Loader.Count;

    /// <summary>Steps of the optimiser since training began, those before a resume included.</summary>
    public long Step { get; internal set; }

    /// <summary>Whether the optimiser moved after the batch just done; with gradient accumulation not always.</summary>
    public bool Stepped { get; internal set; }

    /// <summary>The loss of the batch just done, without penalties.</summary>
    public double BatchLoss { get; internal set; }

    /// <summary>Mean training loss per sample of this epoch so far.</summary>
    public double Loss { get; internal set; }

    /// <summary>The learning rate of the optimiser's first group.</summary>
    public double LearningRate => Optimizer.LearningRate;

    /// <summary>The epoch just completed; null before the first one.</summary>
    public EpochResult? Result { get; internal set; }

    /// <summary>All complete epochs.</summary>
    public IReadOnlyList<EpochResult> History => Trainer.Completed;

    /// <summary>Whether the network is measured on validation data after every epoch.</summary>
    public bool HasValidation => ValidationData is not null;

    /// <summary>Whether training was cancelled: it may be resumed, so nothing should be tidied up that it needs. Meaningful in AfterFit.</summary>
    public bool Interrupted { get; internal set; }

    /// <summary>Why training is to end early; null if nobody asked.</summary>
    public string? StopReason { get; internal set; }

    internal DataLoader Loader { get; }

    /// <summary>What is trained on, as it is stored: without the loader's augmentation.</summary>
    public Dataset TrainingData => Loader.Dataset;

    /// <summary>What the network is measured on after every epoch; null if there is nothing.</summary>
    public Dataset? ValidationData { get; }

    /// <summary>Ends training after the present batch (if called from AfterStep or AfterBatch) or the present epoch. The first reason counts.</summary>
    /// <param name="reason">For <see cref="History.StopReason"/>.</param>
    public void RequestStop(string reason) => StopReason ??= reason;

    /// <summary>
    /// Has a checkpoint written as soon as all callbacks have been told of the present event, so that it holds the state of each of them behind that event.
    /// What is asked for in AfterStep is written after AfterBatch.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="saved">Called when the file is complete.</param>
    public void SaveCheckpoint(string path, Action? saved = null) => wanted.Add((path, saved));

    /// <summary>Writes the checkpoints that were asked for.</summary>
    internal void WriteCheckpoints()
    {
        if (wanted.Count == 0) return;
        foreach (var (path, saved) in wanted)
        {
            Trainer.SaveCheckpoint(path);
            saved?.Invoke();
        }
        wanted.Clear();
    }
}
