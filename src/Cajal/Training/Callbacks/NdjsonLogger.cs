namespace Cajal;

/// <summary>
/// Keeps a file of JSON lines up to date: one object per epoch, the lines of <see cref="History.ToNdjson"/>. After a resume the file is written anew from the history, so it never holds an epoch twice.
/// </summary>
/// <param name="path">The file; missing folders are made, an existing file is replaced.</param>
public sealed class NdjsonLogger(string path) : Callback
{
    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        if (context.History.Count == 0) File.Delete(path);
        else new History(context.History, Interrupted: false).SaveNdjson(path);
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context) => File.AppendAllText(path, History.NdjsonLine(context.Result!));
}
