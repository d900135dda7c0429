namespace Cajal.Cli;

/// <summary><c>cajal train DATASET|FILE.csv</c>.</summary>
internal static class TrainCommand
{
    internal static CliCommand Create(Terminal terminal, string[] arguments)
    {
        var command = new CliCommand("train", "Train a network and measure it on held-out data", "DATASET|FILE.csv")
        {
            Examples =
            [
                "cajal train digits", "cajal train mnist --model mlp --ridge 1e-5", "cajal train houses.csv --target price --ignore id",
                "cajal train digits --require test_accuracy=0.985 --json",
            ],
        };
        var data = command.Takes("DATASET|FILE.csv", "A data set (see: cajal list) or a CSV file");
        var target = Options.Text("--target", "COLUMN", "The column of a CSV file to predict; the last if not given");
        var ignore = Options.Names("--ignore", "COLUMNS", "Columns to leave out, separated by commas");
        var categories = Options.Names("--categories", "COLUMNS", "Columns of numbers that are codes, not quantities");
        var folder = Options.Text("--data", "DIR", "Where the files of mnist and fashion-mnist are");
        var model = Options.Choice("--model", "The network", NetworkFactory.Names);
        var hidden = Options.Widths("--hidden", "Widths of the hidden layers of mlp, such as 64,32");
        var dropout = Options.Number("--dropout", "Share dropped after each hidden layer of mlp", most: 0.95);
        var epochs = Options.Whole("--epochs", "Passes over the training data");
        var batch = Options.Whole("--batch-size", "Samples per step");
        var rate = Options.Number("--lr", "The learning rate it starts with; it falls along a half cosine", zero: false);
        var optimizer = Options.Choice("--optimizer", "How weights are changed", Optimizers.Names);
        var ridge = Options.Number("--ridge", "Adds this times the sum of squared weights to the loss");
        var decay = Options.Number("--weight-decay", "Weight decay of the optimizer (with adam and sgd: on the gradient)");
        var norm = Options.Number("--max-norm", "Keeps the weights into each unit at most this long", zero: false);
        var patience = Options.Whole("--patience", "Stop when the loss on a fifth of the training data has not fallen for N epochs; keep the best weights");
        var seed = Options.Whole("--seed", "Same seed, same bits; 1 if not given", least: 0);
        var threads = Options.Whole("--threads", "Processor threads; results do not depend on it", most: 1024);
        var output = Options.Text("--out", "DIR", "Folder for model, checkpoint, record and curve; runs if not given");
        var resume = Options.Text("--resume", "CHECKPOINT", "Go on from a checkpoint, with the same options");
        var require = Options.Names("--require", "METRIC=VALUE", "Exit with 5 if a figure is missed, such as test_accuracy=0.985");
        var board = Options.Text("--tensorboard", "DIR", "Log figures, histograms, pictures and the graph for TensorBoard");
        var history = Options.Text("--history", "FILE", "Keep every epoch's figures in a .csv or .ndjson file");
        var trace = Options.Text("--trace", "FILE", "Profile a few steps, as a trace for Chrome's viewer (chrome://tracing)");
        var json = Options.Flag("--json", "One JSON object per line on standard output");
        var dry = Options.Flag("--dry-run", "Show what would be trained, and stop");
        command.Group("Data", target, ignore, categories, folder);
        command.Group("Network", model, hidden, dropout);
        command.Group("Training", epochs, batch, rate, optimizer, ridge, decay, norm, patience, seed, threads);
        command.Group("Logs", board, history, trace);
        command.Group("Results", output, resume, require, json, dry);
        return command.Does(parsed => new TrainingSession(new()
        {
            Data = parsed.GetValue(data) ?? throw new UsageException("say what to train on: a data set (see: cajal list) or a CSV file. For example: cajal train digits"),
            Target = parsed.GetValue(target),
            Ignore = parsed.GetValue(ignore) ?? [],
            Categories = parsed.GetValue(categories) ?? [],
            Folder = parsed.GetValue(folder),
            Model = parsed.GetValue(model),
            Hidden = parsed.GetResult(hidden) is null ? null : parsed.GetValue(hidden),
            Dropout = parsed.GetValue(dropout),
            Epochs = parsed.GetValue(epochs),
            BatchSize = parsed.GetValue(batch),
            LearningRate = parsed.GetValue(rate),
            Optimizer = parsed.GetValue(optimizer) ?? "adam",
            WeightDecay = parsed.GetValue(decay),
            Ridge = parsed.GetValue(ridge),
            MaxNorm = parsed.GetValue(norm),
            Patience = parsed.GetValue(patience),
            Seed = parsed.GetValue(seed) ?? 1,
            Threads = parsed.GetValue(threads),
            Out = parsed.GetValue(output) ?? "runs",
            Resume = parsed.GetValue(resume),
            TensorBoard = parsed.GetValue(board),
            History = parsed.GetValue(history),
            Trace = parsed.GetValue(trace),
            Requirements = [.. (parsed.GetValue(require) ?? []).Select(Requirement.Parse)],
            Json = parsed.GetValue(json),
            DryRun = parsed.GetValue(dry),
        }, arguments, terminal).Run());
    }
}
