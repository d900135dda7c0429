namespace Cajal.Cli;

/// <summary>How well a network does, for people: figures, confusion matrix, the worst mistakes.</summary>
internal static class EvaluationReport
{
    internal static void Write(Terminal terminal, Evaluation result, Dataset data, Module net)
    {
        var output = terminal.Output;
        if (result.Accuracy is { } accuracy)
        {
            int right = (int)Math.Round(accuracy * result.Count);
            string share = terminal.Paint.Bold(FormattableString.Invariant($"{accuracy * 100:F2} %"));
            output.WriteLine(FormattableString.Invariant($"test accuracy  {share}   {right:N0} of {result.Count:N0} right"));
            output.WriteLine(FormattableString.Invariant($"test loss      {result.Loss:F4}"));
        }
        else
        {
            string share = terminal.Paint.Bold(FormattableString.Invariant($"{result.R2:F4}"));
            output.WriteLine(FormattableString.Invariant($"test R2        {share}   share of the variance explained, {result.Count:N0} samples"));
            output.WriteLine(FormattableString.Invariant($"test RMSE      {result.Rmse:G5}   in units of the target"));
        }
        output.WriteLine();
        if (result.Confusion is { } confusion && data.Classes is { } classes) ConfusionTable.Write(terminal, confusion, classes);
        if (result.Predicted is { } predicted && data.InputShape is [1 or 3, _, _]) Mistakes.Write(terminal, Mistakes.Worst(predicted, data, net), data);
    }
}

/// <summary>Which required figures were reached.</summary>
internal static class RequirementReport
{
    internal static void Write(Terminal terminal, IReadOnlyList<Requirement> requirements, IReadOnlyDictionary<string, double> figures)
    {
        foreach (var requirement in requirements)
        {
            double value = figures[requirement.Metric];
            string rule = FormattableString.Invariant($"{requirement.Metric} {(Metrics.Rises(requirement.Metric) ? "≥" : "≤")} {requirement.Value}");
            terminal.Output.WriteLine(requirement.IsMet(figures)
                ? FormattableString.Invariant($"required  {rule}: {terminal.Paint.Green("met")} ({value:G5})")
                : FormattableString.Invariant($"required  {rule}: {terminal.Paint.Red("missed")} ({value:G5})"));
        }
    }
}
