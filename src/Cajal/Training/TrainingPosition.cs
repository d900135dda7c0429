namespace Cajal;

/// <summary>Where a training stands, to the batch: with the weights, the optimiser and the random numbers all that is needed to go on.</summary>
internal sealed record TrainingPosition
{
    /// <summary>Epochs complete.</summary>
    internal int Epochs { get; set; }

    /// <summary>Batches done in the epoch under way.</summary>
    internal int Batches { get; set; }

    /// <summary>Samples seen in the epoch under way.</summary>
    internal int Samples { get; set; }

    /// <summary>Sum over these samples of their losses.</summary>
    internal double LossSum { get; set; }

    /// <summary>Steps of the optimiser since training began.</summary>
    internal long Steps { get; set; }

    /// <summary>Time spent on the epoch under way before the present fit.</summary>
    internal TimeSpan Elapsed { get; set; }

    /// <summary>What fixes order, augmentation and dropout; null before the first fit.</summary>
    internal int? Seed { get; set; }

    /// <summary>Samples per batch; a position inside an epoch means nothing with another.</summary>
    internal int BatchSize { get; set; }

    /// <summary>Samples per epoch.</summary>
    internal int EpochSamples { get; set; }

    /// <summary>Batches per step of the optimiser.</summary>
    internal int Accumulate { get; set; } = 1;

    /// <summary>Whether the gradients of some batches wait for the rest of their group.</summary>
    internal bool InGroup => Batches % Accumulate != 0;

    internal void NextEpoch()
    {
        Epochs++;
        (Batches, Samples, LossSum, Elapsed) = (0, 0, 0, TimeSpan.Zero);
    }
}
