using System.Globalization;

namespace Cajal.Cli;

/// <summary><c>cajal data list|get NAME|info NAME</c>: where data sets are, how to fetch them, what they are.</summary>
internal static class DataCommand
{
    private const double Mega = 1e6;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("data", "Show, fetch and describe data sets", "list | get NAME | info NAME");
        command.Add(List(terminal));
        command.Add(Get(terminal));
        command.Add(Info(terminal));
        return command.Does(_ => throw new UsageException("say what to do: cajal data list, cajal data get NAME or cajal data info NAME."));
    }

    private static CliCommand List(Terminal terminal)
    {
        var command = new CliCommand("list", "Show which data sets are on this machine, and where");
        var folder = Options.Text("--data", "DIR", "Where to look");
        command.Group("Data", folder);
        return command.Does(parsed =>
        {
            foreach (var problem in LearningProblem.All)
                terminal.Output.WriteLine($"  {terminal.Paint.Bold(problem.Name.PadRight(14))} {Where(problem, parsed.GetValue(folder))}");
            return ExitCode.Ok;
        });
    }

    private static CliCommand Get(Terminal terminal)
    {
        var command = new CliCommand("get", "Fetch a data set from public mirrors; a broken transfer is continued", "NAME") { Examples = ["cajal data get mnist"] };
        var name = command.Takes("NAME", "mnist or fashion-mnist");
        var folder = Options.Text("--data", "DIR", "Where to put it; the per-user cache if not given");
        var mirror = Options.Text("--mirror", "URL", "Another place to fetch it from");
        command.Group("Data", folder, mirror);
        return command.Does(parsed => Fetch(terminal, Named(parsed.GetValue(name)), parsed.GetValue(folder), parsed.GetValue(mirror)));
    }

    private static CliCommand Info(Terminal terminal)
    {
        var command = new CliCommand("info", "Describe a data set: samples, classes, source, licence", "NAME") { Examples = ["cajal data info iris"] };
        var name = command.Takes("NAME", "A data set (see: cajal data list)");
        var folder = Options.Text("--data", "DIR", "Where the files of mnist and fashion-mnist are");
        command.Group("Data", folder);
        return command.Does(parsed =>
        {
            var problem = Named(parsed.GetValue(name));
            if (LearningProblem.FilesOf(problem.Name) is { } variant && DatasetLocations.FolderOf(variant, parsed.GetValue(folder)) is null)
                DescribeAbsent(terminal, problem, Datasets.InfoOf(variant));
            else
                Describe(terminal, problem.Load(parsed.GetValue(folder), 1));
            return ExitCode.Ok;
        });
    }

    private static LearningProblem Named(string? name) => LearningProblem.Find(name ?? throw new UsageException("say which data set; see: cajal data list"));

    private static string Where(LearningProblem problem, string? folder)
    {
        if (LearningProblem.FilesOf(problem.Name) is not { } variant) return "built in";
        return DatasetLocations.FolderOf(variant, folder) is { } found ? found : $"not here; fetch it with: {CommandHint.Of("data", "get", problem.Name)}";
    }

    private static int Fetch(Terminal terminal, LearningProblem problem, string? folder, string? mirror)
    {
        if (LearningProblem.FilesOf(problem.Name) is not { } variant)
        {
            terminal.Note($"{problem.Name} is built in; there is nothing to fetch.");
            return ExitCode.Ok;
        }
        if (Whole(problem, folder) is { } there)
        {
            terminal.Output.WriteLine(there);
            terminal.Note($"{problem.Name} is there already, whole.");
            return ExitCode.Ok;
        }
        if (mirror is not null && !(Uri.TryCreate(mirror, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            throw new UsageException($"--mirror must be an address such as https://example.org/mnist/, but is \"{mirror}\".");
        var bar = new DownloadBar(terminal);
        using var interruption = new Interruption(() => { });
        var downloader = new DatasetDownloader { Mirrors = mirror is null ? null : [mirror.EndsWith('/') ? mirror : mirror + "/"] };
        try
        {
            string target = downloader.GetAsync(variant, folder is null ? null : Path.Combine(folder, problem.Name), bar, interruption.Token).GetAwaiter().GetResult();
            bar.Clear();
            terminal.Output.WriteLine(target);
            terminal.Note($"whole and verified. Use it: {CommandHint.Of(["train", problem.Name, .. folder is null ? [] : new[] { "--data", folder }])}");
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            bar.Clear();
            terminal.Note("Interrupted; what was received is kept, and the same command continues it.");
            return ExitCode.Interrupted;
        }
        catch (IOException)
        {
            bar.Clear();
            throw;
        }
    }

    /// <summary>Where the files of a data set are, if they are all there and can be read.</summary>
    private static string? Whole(LearningProblem problem, string? folder)
    {
        if (DatasetLocations.FolderOf(LearningProblem.FilesOf(problem.Name)!.Value, folder) is not { } place) return null;
        try
        {
            problem.Load(folder, 1);
            return Path.GetFullPath(place);
        }
        catch (InvalidDataException)
        {
            return null; // damaged: fetched again
        }
    }

    private static void DescribeAbsent(Terminal terminal, LearningProblem problem, DatasetInfo info)
    {
        terminal.Output.WriteLine(terminal.Paint.Bold(info.Name));
        terminal.Output.WriteLine($"  {info.Description}");
        terminal.Output.WriteLine($"  {info.Attribution}");
        terminal.Output.WriteLine($"  classes  {string.Join(", ", info.Classes!)}");
        terminal.Output.WriteLine($"  files    {Where(problem, null)}");
    }

    private static void Describe(Terminal terminal, LearningData data)
    {
        var (train, test) = (data.Train, data.Test);
        var output = terminal.Output;
        output.WriteLine(terminal.Paint.Bold(train.Name));
        output.WriteLine($"  {train.Description}");
        output.WriteLine($"  {train.Attribution}");
        output.WriteLine($"  samples  {Whole(train.Count)} to learn from, {Whole(test.Count)} held out");
        output.WriteLine($"  input    [{string.Join(", ", train.InputShape)}]{(train.FeatureNames is { } names ? $": {string.Join(", ", names)}" : "")}");
        if (train.Classes is not { } classes)
        {
            var targets = train.ToBatch().Targets;
            output.WriteLine(FormattableString.Invariant($"  target   a number from {targets.Min().Item():G4} to {targets.Max().Item():G4}"));
            return;
        }
        int[] counts = [.. train.ClassCounts().Zip(test.ClassCounts(), (a, b) => a + b)];
        output.WriteLine($"  classes  {string.Join(", ", classes.Zip(counts, (name, count) => $"{name} ({Whole(count)})"))}");
    }

    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A line that is drawn over on a terminal, and one line per file otherwise.</summary>
    private sealed class DownloadBar(Terminal terminal) : IProgress<DownloadProgress>
    {
        private string file = "";

        public void Report(DownloadProgress value)
        {
            bool isNew = value.File != file;
            file = value.File;
            string text = value.Total is { } total
                ? FormattableString.Invariant($"{value.File}  {value.Received / Mega:F1} of {total / Mega:F1} MB  {100.0 * value.Received / total:F0} %")
                : FormattableString.Invariant($"{value.File}  {value.Received / Mega:F1} MB");
            if (terminal.ErrorIsLive) terminal.Error.Write($"\r{text}\e[K");
            else if (isNew) terminal.Note($"fetching {value.File}");
        }

        internal void Clear()
        {
            if (terminal.ErrorIsLive && file.Length > 0) terminal.Error.Write("\r\e[K");
        }
    }
}
