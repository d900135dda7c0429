using Cajal.Experiments;

namespace Cajal.Cli;

/// <summary><c>cajal run NAME</c>: an experiment, its figures beside those it must reach.</summary>
internal static class RunCommand
{
    private const int MostSeeds = 1000;

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("run", "Run an experiment and compare its figures with what they must be", "NAME")
        {
            Examples = ["cajal list experiments", "cajal run lstm", "cajal run vae --quick", "cajal run unet --seeds 3 --out results"],
        };
        var name = command.Takes("NAME", "An experiment (see: cajal list experiments)");
        var quick = Options.Flag("--quick", "Less training on less data: seconds instead of minutes, with bounds that suit it");
        var seed = Options.Whole("--seed", "Same seed, same bits; 1 if not given", least: 0, most: int.MaxValue - MostSeeds);
        var seeds = Options.Whole("--seeds", "Run so many seeds, from --seed on, and compare their mean", most: MostSeeds);
        var folder = Options.Text("--data", "PLACE", "The folder with the files of mnist and fashion-mnist; for gpt, a text file");
        var threads = Options.Whole("--threads", "Processor threads; results do not depend on it", most: 1024);
        var output = Options.Text("--out", "DIR", "Folder for figures, pictures and data; runs/NAME-SEED if not given");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Experiment", quick, seed, seeds, folder, threads);
        command.Group("Results", output, json);
        return command.Does(parsed =>
        {
            var experiment = Find(parsed.GetValue(name));
            if (parsed.GetValue(threads) is { } count) Compute.Threads = count;
            int first = parsed.GetValue(seed) ?? 1;
            string place = Files.Folder(parsed.GetValue(output) ?? Path.Combine("runs", $"{experiment.Name}-{first}"));
            ExperimentReport report = parsed.GetValue(json) ? new ExperimentJson(terminal) : new ExperimentText(terminal);
            using var interruption = new Interruption(report.Stopping);
            return Execute(report, interruption.Token, token => new ExperimentRunner(report).Run(experiment, place, first, parsed.GetValue(seeds) ?? 1, parsed.GetValue(quick), parsed.GetValue(folder), token), place);
        });
    }

    /// <summary>Runs, reports, and gives the exit code.</summary>
    /// <param name="report">Who is told.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    /// <param name="run">The run.</param>
    /// <param name="folder">Where it writes.</param>
    internal static int Execute(ExperimentReport report, CancellationToken cancellation, Func<CancellationToken, ExperimentResult> run, string folder)
    {
        try
        {
            var result = run(cancellation);
            report.End(result);
            return result.IsMet ? ExitCode.Ok : ExitCode.Missed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            report.Interrupted(folder);
            return ExitCode.Interrupted;
        }
    }

    private static Experiment Find(string? name)
    {
        if (name is null) throw new UsageException("say which experiment, for example: cajal run lstm. See: cajal list experiments");
        string[] names = [.. ExperimentCatalogue.All.Select(experiment => experiment.Name)];
        return ExperimentCatalogue.Find(name)
            ?? throw new UsageException($"there is no experiment \"{name}\"{(DidYouMean.Hint(name, names) is { Length: > 0 } hint ? hint : ".")} See: cajal list experiments");
    }
}
