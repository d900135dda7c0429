namespace Cajal;

/// <summary>
/// Logs a training for TensorBoard: after every epoch all figures (<c>train/loss</c>, <c>validation/accuracy</c>, ...), the learning rate, and histograms of weights and their last gradients; at the
/// beginning the network as text and as a graph, and the first pictures of the training data.
/// </summary>
/// <remarks>Each fit, a resumed one too, writes a file of its own into the folder; TensorBoard shows them as one run. Steps are epochs, in <c>step/...</c> steps of the optimiser.</remarks>
/// <param name="folder">The run's folder; made if need be.</param>
public sealed class TensorBoardLogger(string folder) : Callback
{
    private EventWriter? writer;

    /// <summary>Logs loss and learning rate after every so many steps of the optimiser too; 0: not.</summary>
    public long EverySteps { get; init; }

    /// <summary>Logs histograms of weights and gradients after every so many epochs; 0: never.</summary>
    public int HistogramsEvery { get; init; } = 1;

    /// <summary>Whether the network's graph is logged.</summary>
    public bool Graph { get; init; } = true;

    /// <summary>How many pictures of the training data are logged, if they are pictures.</summary>
    public int Pictures { get; init; } = 4;

    /// <summary>The file that is being written; null before the first fit.</summary>
    public string? File => writer?.Path;

    /// <inheritdoc/>
    public override void BeforeFit(TrainingContext context)
    {
        writer?.Dispose();
        writer = new(folder);
        if (context.Step > 0) return;
        writer.Text("network", $"```\n{context.Net}\n```", 0);
        if (context.TrainingData.Count == 0) return;
        var sample = context.TrainingData[0].Input;
        if (Graph) LogGraph(context.Net, [1, .. sample.Shape], sample.DType);
        for (int i = 0; i < Math.Min(Pictures, context.TrainingData.Count); i++)
        {
            if (context.TrainingData[i].Input is { Rank: 3 } picture && picture.Shape[0] is 1 or 3) writer.Image($"data/{i}", context.TrainingData[i].Input, 0);
        }
    }

    /// <inheritdoc/>
    public override void AfterBatch(TrainingContext context)
    {
        if (EverySteps == 0 || !context.Stepped || context.Step % EverySteps != 0) return;
        writer!.Scalar("step/loss", context.BatchLoss, context.Step);
        writer.Scalar("step/learning_rate", context.LearningRate, context.Step);
    }

    /// <inheritdoc/>
    public override void AfterEpoch(TrainingContext context)
    {
        const string Validation = "val_";
        foreach (var (name, value) in context.Result!.Figures)
            writer!.Scalar(name.StartsWith(Validation, StringComparison.Ordinal) ? $"validation/{name[Validation.Length..]}" : $"train/{name}", value, context.Epoch);
        writer!.Scalar("learning_rate", context.LearningRate, context.Epoch);
        if (HistogramsEvery == 0 || context.Epoch % HistogramsEvery != 0) return;
        foreach (var (key, parameter) in context.Net.NamedParameters())
        {
            writer.Histogram($"weights/{key}", parameter, context.Epoch);
            if (parameter.Grad is { } gradient) writer.Histogram($"gradients/{key}", gradient, context.Epoch);
        }
    }

    /// <inheritdoc/>
    public override void AfterFit(TrainingContext context) => writer?.Dispose();

    /// <summary>A network that cannot be run by itself on one sample, such as one of several inputs, is trained all the same.</summary>
    private void LogGraph(Module net, Shape input, DType dtype)
    {
        try
        {
            writer!.Graph(net, input, dtype.IsFloating ? null : dtype);
        }
        catch (Exception error) when (error is ShapeException or NotSupportedException)
        {
            writer!.Text("graph", $"The graph is missing: {error.Message}", 0);
        }
    }
}
