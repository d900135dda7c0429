using Cajal.Experiments;
using Cajal.Models;

namespace Cajal.Cli;

/// <summary><c>cajal list [data|experiments|models]</c>: what can be trained, run and built.</summary>
internal static class ListCommand
{
    private static readonly string[] Kinds = ["data", "experiments", "models"];

    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("list", "Show the data sets, networks and experiments that can be named", "[data|experiments|models]")
        {
            Examples = ["cajal list", "cajal list experiments", "cajal list models"],
        };
        var what = command.Takes("WHAT", "data: what cajal train takes; experiments: what each must show; models: every architecture with its number of parameters");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", json);
        return command.Does(parsed =>
        {
            string? kind = parsed.GetValue(what);
            if (kind is not null && !Kinds.Contains(kind)) throw new UsageException($"there is no list of \"{kind}\"{(DidYouMean.Hint(kind, Kinds) is { Length: > 0 } hint ? hint : $"; there are {string.Join(", ", Kinds)}.")}");
            Write(terminal, kind, parsed.GetValue(json));
            return ExitCode.Ok;
        });
    }

    private static void Write(Terminal terminal, string? kind, bool json)
    {
        if (kind is null or "data") WriteData(terminal, json);
        if (kind is null or "experiments") WriteExperiments(terminal, json, whole: kind is not null);
        if (kind == "models") WriteModels(terminal, json);
        if (!json && kind is null) terminal.Output.WriteLine($"For example: {terminal.Paint.Cyan("cajal train digits --model cnn")}");
    }

    private static void WriteData(Terminal terminal, bool json)
    {
        if (!json) terminal.Output.WriteLine($"{terminal.Paint.Bold("Data")} for cajal train NAME");
        foreach (var problem in LearningProblem.All)
        {
            if (!json) Row(terminal, problem.Name, $"{problem.Summary}; network: {problem.Defaults.Model}");
            else
            {
                JsonLines.Write(terminal, "data", line =>
                {
                    line.WriteString("name", problem.Name);
                    line.WriteString("summary", problem.Summary);
                    line.WriteString("model", problem.Defaults.Model);
                    line.WriteBoolean("built_in", LearningProblem.FilesOf(problem.Name) is null);
                });
            }
        }
        if (!json)
        {
            Row(terminal, "FILE.csv", "any table with a header: cajal train FILE.csv --target COLUMN");
            terminal.Output.WriteLine();
            terminal.Output.WriteLine($"{terminal.Paint.Bold("Networks")} for cajal train --model NAME");
        }
        foreach (var (name, summary) in NetworkFactory.All)
        {
            if (!json) Row(terminal, name, summary);
            else
            {
                JsonLines.Write(terminal, "model", line =>
                {
                    line.WriteString("name", name);
                    line.WriteString("summary", summary);
                });
            }
        }
        if (!json) terminal.Output.WriteLine();
    }

    private static void WriteExperiments(Terminal terminal, bool json, bool whole)
    {
        if (!json) terminal.Output.WriteLine($"{terminal.Paint.Bold("Experiments")} for cajal run NAME{(whole ? "" : "; what each must show: cajal list experiments")}");
        foreach (var experiment in ExperimentCatalogue.All)
        {
            if (json)
            {
                JsonLines.Write(terminal, "experiment", line =>
                {
                    line.WriteString("name", experiment.Name);
                    line.WriteString("summary", experiment.Summary);
                    line.WriteString("source", experiment.Source);
                    line.WriteTexts("goals", experiment.Goals.Select(goal => $"{goal.Meaning} {goal.Expected(quick: false)}"));
                });
                continue;
            }
            Row(terminal, experiment.Name, experiment.Summary);
            if (!whole) continue;
            terminal.Output.WriteLine($"  {"",-14} {terminal.Paint.Dim(experiment.Source)}");
            foreach (var goal in experiment.Goals) terminal.Output.WriteLine($"  {"",-14} {goal.Meaning} {goal.Expected(quick: false)}");
        }
        if (!json) terminal.Output.WriteLine();
    }

    private static void WriteModels(Terminal terminal, bool json)
    {
        foreach (var entry in ModelCatalogue.All)
        {
            long parameters = entry.Build().ParameterCount;
            if (!json)
            {
                terminal.Output.WriteLine(FormattableString.Invariant($"  {terminal.Paint.Bold(entry.Name.PadRight(14))} {parameters,11:N0}  {entry.Summary} ({entry.Source})"));
                terminal.Output.WriteLine($"  {"",-14} {"",11}  {terminal.Paint.Dim(entry.Shape)}");
                continue;
            }
            JsonLines.Write(terminal, "model", line =>
            {
                line.WriteString("name", entry.Name);
                line.WriteString("summary", entry.Summary);
                line.WriteString("source", entry.Source);
                line.WriteString("shape", entry.Shape);
                line.WriteNumber("parameters", parameters);
            });
        }
    }

    private static void Row(Terminal terminal, string name, string summary) => terminal.Output.WriteLine($"  {terminal.Paint.Bold(name.PadRight(14))} {summary}");
}
