namespace Cajal.Cli;

/// <summary><c>cajal list</c>: what can be trained.</summary>
internal static class ListCommand
{
    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("list", "Show the data sets and networks that can be named");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Results", json);
        return command.Does(parsed =>
        {
            if (parsed.GetValue(json)) WriteJson(terminal);
            else Write(terminal);
            return ExitCode.Ok;
        });
    }

    private static void Write(Terminal terminal)
    {
        foreach (var problem in LearningProblem.All)
            terminal.Output.WriteLine($"  {terminal.Paint.Bold(problem.Name.PadRight(14))} {problem.Summary}; network: {problem.Defaults.Model}");
        terminal.Output.WriteLine($"  {terminal.Paint.Bold("FILE.csv".PadRight(14))} any table with a header: cajal train FILE.csv --target COLUMN");
        terminal.Output.WriteLine();
        foreach (var (name, summary) in NetworkFactory.All) terminal.Output.WriteLine($"  {terminal.Paint.Bold(name.PadRight(14))} {summary}");
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"For example: {terminal.Paint.Cyan("cajal train digits --model cnn")}");
    }

    private static void WriteJson(Terminal terminal)
    {
        foreach (var problem in LearningProblem.All)
        {
            JsonLines.Write(terminal, "data", json =>
            {
                json.WriteString("name", problem.Name);
                json.WriteString("summary", problem.Summary);
                json.WriteString("model", problem.Defaults.Model);
                json.WriteBoolean("built_in", LearningProblem.FilesOf(problem.Name) is null);
            });
        }
        foreach (var (name, summary) in NetworkFactory.All)
        {
            JsonLines.Write(terminal, "model", json =>
            {
                json.WriteString("name", name);
                json.WriteString("summary", summary);
            });
        }
    }
}
