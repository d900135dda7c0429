namespace Cajal;

/// <summary>What <c>Trainer.Fit</c> did.</summary>
/// <param name="Epochs">One entry per complete epoch, those before a resume included.</param>
/// <param name="Interrupted">Whether it was cancelled; the epoch under way is then not listed.</param>
public sealed partial record History(IReadOnlyList<EpochResult> Epochs, bool Interrupted)
{
    /// <summary>The last epoch.</summary>
    public EpochResult? Last => Epochs.Count > 0 ? Epochs[^1] : null;

    /// <summary>Why a callback ended training before its last epoch; null if none did.</summary>
    public string? StopReason { get; init; }

    /// <summary>The names of all figures, in the order in which they first occur: <c>loss</c>, metrics, <c>val_loss</c>, ...</summary>
    public IReadOnlyList<string> Names => [.. Epochs.SelectMany(epoch => epoch.Figures).Select(figure => figure.Key).Distinct()];

    /// <summary>One figure over all epochs, such as <c>history["val_accuracy"]</c>; NaN for an epoch without it.</summary>
    /// <exception cref="ArgumentException">No epoch has such a figure; the message lists those there are.</exception>
    public double[] this[string name]
    {
        get
        {
            var names = Names;
            if (!names.Contains(name)) throw NoFigure(name, names, nameof(name));
            return [.. Epochs.Select(epoch => Find(epoch, name))];
        }
    }

    internal static double Find(EpochResult epoch, string name)
    {
        foreach (var (key, value) in epoch.Figures)
        {
            if (key == name) return value;
        }
        return double.NaN;
    }

    internal static ArgumentException NoFigure(string name, IEnumerable<string> known, string argument)
    {
        string[] names = [.. known];
        string hint = DidYouMean.Hint(name, names);
        return new($"There is no figure \"{name}\"{(hint.Length > 0 ? hint : ".")} Known are: {string.Join(", ", names)}.", argument);
    }
}
