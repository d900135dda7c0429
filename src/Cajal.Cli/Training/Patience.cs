namespace Cajal.Cli;

/// <summary>
/// Early stopping: ends training when the loss on the validation part has not fallen for a number of epochs, and gives back the best weights. They are kept in
/// a file, so that an interrupted run does not lose them.
/// </summary>
/// <param name="epochs">How many epochs to wait.</param>
/// <param name="path">Where the best weights are kept meanwhile.</param>
internal sealed class Patience(int epochs, string path)
{
    /// <summary>The epoch with the smallest loss so far; 0 before the first.</summary>
    internal int BestEpoch { get; private set; }

    private double best = double.PositiveInfinity;

    /// <summary>Takes over what happened before a resume.</summary>
    internal void Recall(IEnumerable<EpochRow> rows)
    {
        foreach (var row in rows) Improves(row);
    }

    /// <summary>Whether to stop after this epoch.</summary>
    internal bool Ends(EpochRow row, Module net)
    {
        if (Improves(row)) net.Save(path);
        return row.Epoch - BestEpoch >= epochs;
    }

    /// <summary>Puts the best weights into <paramref name="net"/>.</summary>
    internal void Restore(Module net)
    {
        if (!File.Exists(path)) return;
        net.LoadWeights(path);
        File.Delete(path);
    }

    private bool Improves(EpochRow row)
    {
        if (!(row.WatchedLoss < best)) return false;
        (best, BestEpoch) = (row.WatchedLoss, row.Epoch);
        return true;
    }
}
