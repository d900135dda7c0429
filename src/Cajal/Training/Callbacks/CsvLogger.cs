namespace Cajal;

/// <summary>
/// Keeps a CSV file up to date: one row per epoch with all figures, the columns of <see cref="History.ToCsv"/>. After a resume the file is written anew from the history, so it never
/// holds an epoch twice.
/// </summary>
/// <param name="path">The file; missing folders are made, an existing file is replaced.</param>
public sealed class CsvLogger(string path) : Callback
{
    private IReadOnlyList<string> columns = [];

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        if (context.History.Count == 0) File.Delete(path);
        else Rewrite(context);
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context)
    {
        var names = context.Result!.Figures.Select(figure => figure.Key);
        // The first row decides the columns; a figure that appears later needs a new table.
        if (columns.Count == 0 || names.Except(columns).Any()) Rewrite(context);
        else File.AppendAllText(path, History.CsvRow(context.Result!, columns));
    }

    private void Rewrite(TrainingContext context)
    {
        var history = new History(context.History, Interrupted: false);
        columns = history.Names;
        history.SaveCsv(path);
    }
}
