namespace Cajal.Cli;

/// <summary>Figures by their plain names.</summary>
internal static class Metrics
{
    /// <summary>Names that can be required after training on classes.</summary>
    private static readonly string[] OfClasses = ["test_accuracy", "test_error", "test_loss", "train_loss", "seconds"];

    /// <summary>Names that can be required after training on numbers.</summary>
    private static readonly string[] OfNumbers = ["test_r2", "test_rmse", "test_loss", "train_loss", "seconds"];

    /// <summary>Measures a network, which need not have parameters: an ONNX model that only predicts has none.</summary>
    internal static Evaluation Measure(Module net, Dataset test)
    {
        Loss loss = test.Task == LearningTask.Classification ? new CrossEntropyLoss() : new MseLoss();
        return new Trainer(net, loss, new Sgd([new Parameter(Tensor.Zeros(1))], 0)).Evaluate(test);
    }

    internal static OrderedDictionary<string, double> Of(Evaluation result)
    {
        var figures = new OrderedDictionary<string, double> { ["test_loss"] = result.Loss };
        if (result.Accuracy is { } accuracy) (figures["test_accuracy"], figures["test_error"]) = (accuracy, 1 - accuracy);
        if (result.R2 is { } r2) figures["test_r2"] = r2;
        if (result.Rmse is { } rmse) figures["test_rmse"] = rmse;
        return figures;
    }

    internal static string[] Known(LearningTask task, bool trained)
    {
        var names = task == LearningTask.Classification ? OfClasses : OfNumbers;
        return trained ? names : [.. names.Where(name => name.StartsWith("test_", StringComparison.Ordinal))];
    }

    /// <summary>Whether more is better.</summary>
    internal static bool Rises(string name) => name is "test_accuracy" or "test_r2";
}

/// <summary>A figure that must be reached: at least the value where more is better, at most where less is.</summary>
internal sealed record Requirement(string Metric, double Value)
{
    /// <summary>Reads <c>METRIC=VALUE</c>.</summary>
    internal static Requirement Parse(string text)
    {
        var parts = text.Split('=', 2);
        if (parts.Length == 2 && Options.Parse(parts[1]) is { } value) return new(parts[0].Trim().TrimEnd('<', '>'), value);
        throw new UsageException($"--require takes METRIC=VALUE, such as test_accuracy=0.985, but is \"{text}\".");
    }

    internal static void Check(IEnumerable<Requirement> all, string[] known)
    {
        foreach (var one in all)
        {
            if (known.Contains(one.Metric)) continue;
            string hint = DidYouMean.Hint(one.Metric, known);
            throw new UsageException($"--require: there is no figure \"{one.Metric}\" here{(hint.Length > 0 ? hint : ".")} Figures: {string.Join(", ", known)}.");
        }
    }

    /// <summary>Whether it is met; a figure that is not a number meets nothing.</summary>
    internal bool IsMet(IReadOnlyDictionary<string, double> figures) => Metrics.Rises(Metric) ? figures[Metric] >= Value : figures[Metric] <= Value;
}
