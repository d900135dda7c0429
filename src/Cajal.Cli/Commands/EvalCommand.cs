namespace Cajal.Cli;

/// <summary><c>cajal eval MODEL [DATASET|FILE.csv]</c>: measures a saved model.</summary>
internal static class EvalCommand
{
    internal static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("eval", "Measure a saved model on held-out data, or on another table", "MODEL [DATASET|FILE.csv]")
        {
            Examples = ["cajal eval runs/digits-cnn-1.safetensors", "cajal eval runs/houses-mlp-1.safetensors more-houses.csv --json"],
        };
        var model = command.Takes("MODEL", "A file that cajal train saved, or an ONNX model");
        var data = command.Takes("DATASET|FILE.csv", "What to measure it on; what it was trained on if not given");
        var folder = Options.Text("--data", "DIR", "Where the files of mnist and fashion-mnist are");
        var seed = Options.Whole("--seed", "Another split than the one it was trained with", least: 0);
        var require = Options.Names("--require", "METRIC=VALUE", "Exit with 5 if a figure is missed, such as test_accuracy=0.985");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        command.Group("Data", folder, seed);
        command.Group("Results", require, json);
        return command.Does(parsed =>
        {
            var requirements = (parsed.GetValue(require) ?? []).Select(Requirement.Parse).ToList();
            var saved = SavedModel.Load(parsed.GetValue(model) ?? throw new UsageException("say which model: cajal eval MODEL [DATASET|FILE.csv]"));
            var test = Test(terminal, saved, parsed.GetValue(data), parsed.GetValue(folder), parsed.GetValue(seed));
            Requirement.Check(requirements, Metrics.Known(test.Task, trained: false));
            var result = Metrics.Measure(saved.Net, test);
            var figures = Metrics.Of(result);
            if (parsed.GetValue(json)) WriteJson(terminal, saved, test, figures);
            else
            {
                EvaluationReport.Write(terminal, result, test, saved.Net);
                RequirementReport.Write(terminal, requirements, figures);
            }
            return requirements.TrueForAll(requirement => requirement.IsMet(figures)) ? ExitCode.Ok : ExitCode.Missed;
        });
    }

    private static Dataset Test(Terminal terminal, SavedModel saved, string? data, string? folder, int? seed)
    {
        var note = saved.Known;
        if (data is null && note.File is { } file)
            throw new UsageException($"{saved.Path} was trained on {file}; name the file to measure it on: {CommandHint.Of("eval", saved.Path, file)}");
        if (data is not null && TableProblem.IsTable(data)) return OfTable(terminal, saved, data, seed);
        var problem = LearningProblem.Find(data ?? note.Data);
        if (problem.Name != note.Data) terminal.Warn($"the model was trained on {note.Data}, not on {problem.Name}.");
        var test = problem.Load(folder, seed ?? note.Seed).Test;
        if (!test.InputShape.SequenceEqual(note.InputShape) || test.Classes?.Count != note.Classes?.Length)
            throw new UsageException($"{saved.Path} takes inputs [{string.Join(", ", note.InputShape)}] and tells {note.Classes?.Length ?? 0} classes apart, which {problem.Name} does not fit: it has inputs [{string.Join(", ", test.InputShape)}]{(test.Classes is { } known ? $" and {known.Count} classes" : "")}.");
        if (seed is { } other && other != note.Seed && LearningProblem.FilesOf(problem.Name) is null)
            terminal.Warn($"the model was trained with seed {note.Seed}: what seed {other} holds out, it has partly learned from.");
        terminal.Note($"{test.Count:N0} samples of {problem.Name} that were held out");
        return test;
    }

    private static Dataset OfTable(Terminal terminal, SavedModel saved, string path, int? seed)
    {
        var fitted = saved.Table ?? throw new UsageException($"{saved.Path} has learned from {saved.Known.Data}, not from a table.");
        var table = TableProblem.Read(path);
        if (saved.Known.Fingerprint is { } known && TableProblem.Fingerprint(path) == known)
        {
            var held = TableProblem.HeldOut(table, fitted, seed ?? saved.Known.Seed);
            terminal.Note($"{table.Name} is the file it was trained on: the {held.Count:N0} rows that were held out are measured");
            return held;
        }
        var all = fitted.ToDataset(table);
        terminal.Note($"all {all.Count:N0} rows of {table.Name} are measured");
        return all;
    }

    private static void WriteJson(Terminal terminal, SavedModel saved, Dataset test, OrderedDictionary<string, double> figures) => JsonLines.Write(terminal, "end", json =>
    {
        json.WriteString("data", test.Name);
        json.WriteNumber("test_samples", test.Count);
        foreach (var (name, value) in figures) json.WriteFinite(name, value);
        json.WriteString("model", Path.GetFullPath(saved.Path));
    });
}
