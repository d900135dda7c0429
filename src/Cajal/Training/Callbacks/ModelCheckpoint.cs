using System.Globalization;

namespace Cajal;

/// <summary>Writes checkpoints, from which <see cref="Trainer.LoadCheckpoint"/> goes on bit for bit, every few epochs or steps.</summary>
/// <remarks>
/// The path may hold <c>{epoch}</c> (complete epochs) and <c>{step}</c>, with .NET number formats: <c>runs/digits-{epoch:D3}.checkpoint</c>. Without them each file replaces the last, atomically.
/// </remarks>
public sealed class ModelCheckpoint : Callback
{
    private readonly string pattern;
    private readonly int everyEpochs;
    private readonly long everySteps;
    private readonly int? keepLast;
    private readonly List<(long Epoch, long Step)> written = [];

    /// <summary>Chooses where, when and how many.</summary>
    /// <param name="path">The path, with placeholders; missing folders are made.</param>
    /// <param name="everyEpochs">Write after every so many epochs; 0: not by epochs.</param>
    /// <param name="everySteps">Write after every so many steps of the optimiser; 0: not by steps.</param>
    /// <param name="keepLast">Delete all but this many of the files written; default: keep all.</param>
    /// <exception cref="ArgumentException">A number is out of range, both intervals are 0, or the path has an unknown placeholder.</exception>
    public ModelCheckpoint(string path, int everyEpochs = 1, long everySteps = 0, int? keepLast = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(everyEpochs);
        ArgumentOutOfRangeException.ThrowIfNegative(everySteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast ?? 1, 1, nameof(keepLast));
        if (everyEpochs == 0 && everySteps == 0) throw new ArgumentException("ModelCheckpoint: everyEpochs and everySteps are both 0, so nothing would be written.", nameof(everyEpochs));
        (pattern, this.everyEpochs, this.everySteps, this.keepLast) = (path, everyEpochs, everySteps, keepLast);
        PathOf(0, 0);
    }

    /// <summary>The file written last; null before the first.</summary>
    public string? LastPath => written.Count == 0 ? null : PathOf(written[^1].Epoch, written[^1].Step);

    /// <inheritdoc/>
    public override void AfterBatch(TrainingContext context)
    {
        if (everySteps > 0 && context.Stepped && context.Step % everySteps == 0) Save(context, context.Epoch - 1);
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context)
    {
        if (everyEpochs > 0 && context.Epoch % everyEpochs == 0) Save(context, context.Epoch);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>
    {
        ["written"] = Tensor.From([.. written.SelectMany(file => new[] { file.Epoch, file.Step })], written.Count, 2),
    };

    /// <inheritdoc/>
    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        // Numbers, not paths: what is deleted later is always a path of this object's own pattern.
        long[] numbers = Entry(state, "written").ToArray<long>();
        written.Clear();
        for (int i = 0; i + 1 < numbers.Length; i += 2) written.Add((numbers[i], numbers[i + 1]));
    }

    private void Save(TrainingContext context, long epoch)
    {
        string path = PathOf(epoch, context.Step);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        written.Remove((epoch, context.Step));
        written.Add((epoch, context.Step));
        context.SaveCheckpoint(path, Prune);
    }

    private void Prune()
    {
        while (written.Count > keepLast)
        {
            string path = PathOf(written[0].Epoch, written[0].Step);
            written.RemoveAt(0);
            if (!written.Any(file => PathOf(file.Epoch, file.Step) == path)) File.Delete(path);
        }
    }

    private string PathOf(long epoch, long step)
    {
        var path = new System.Text.StringBuilder();
        for (int at = 0; at < pattern.Length;)
        {
            int open = pattern.IndexOf('{', at);
            if (open < 0) return path.Append(pattern.AsSpan(at)).ToString();
            int close = pattern.IndexOf('}', open);
            string[] parts = pattern[(open + 1)..(close < 0 ? pattern.Length : close)].Split(':', 2);
            long number = (close < 0 ? "" : parts[0]) switch
            {
                "epoch" => epoch,
                "step" => step,
                _ => throw new ArgumentException($"ModelCheckpoint: \"{pattern[open..]}\" in the path is not a placeholder; there are {{epoch}} and {{step}}, as in {{epoch:D3}}.", nameof(pattern)),
            };
            path.Append(pattern.AsSpan(at, open - at)).Append(number.ToString(parts.Length > 1 ? parts[1] : "D", CultureInfo.InvariantCulture));
            at = close + 1;
        }
        return path.ToString();
    }
}
