namespace Cajal.Cli;

/// <summary>A sample taken for what it is not.</summary>
/// <param name="Index">Its number in the data.</param>
/// <param name="Actual">What it is.</param>
/// <param name="Taken">What it was taken for.</param>
/// <param name="Certainty">The probability the network gave that.</param>
internal sealed record Mistake(int Index, int Actual, int Taken, double Certainty);

/// <summary>The mistakes a network was surest of, drawn side by side.</summary>
internal static class Mistakes
{
    private const int MostShown = 8, MostRows = 2, Batch = 256;

    /// <summary>The worst first.</summary>
    internal static List<Mistake> Worst(int[] predicted, Dataset data, Module net)
    {
        var labels = data.Labels.Span;
        var wrong = new List<int>();
        for (int i = 0; i < predicted.Length; i++)
        {
            if (predicted[i] != labels[i]) wrong.Add(i);
        }
        var mistakes = new List<Mistake>();
        using var scope = new NoGrad();
        foreach (int[] part in wrong.Chunk(Batch))
        {
            var probabilities = net.Call(data.GetBatch(part).Inputs).Softmax(-1);
            float[] values = probabilities.ToArray<float>();
            int classes = probabilities.Shape[^1];
            for (int i = 0; i < part.Length; i++)
                mistakes.Add(new(part[i], data.Labels.Span[part[i]], predicted[part[i]], values[i * classes + predicted[part[i]]]));
        }
        return [.. mistakes.OrderByDescending(mistake => mistake.Certainty).ThenBy(mistake => mistake.Index)];
    }

    internal static void Write(Terminal terminal, List<Mistake> mistakes, Dataset data)
    {
        if (mistakes.Count == 0) return;
        const string Gap = "   ";
        var blocks = mistakes.Take(MostShown).Select(mistake => Block(mistake, data, terminal.Paint)).ToList();
        int width = blocks.Max(block => block.Width), across = Math.Max(1, (terminal.Width - 2 + Gap.Length) / (width + Gap.Length));
        blocks = [.. blocks.Take(across * MostRows)];
        terminal.Output.WriteLine(blocks.Count < mistakes.Count ? FormattableString.Invariant($"the {blocks.Count} surest of {mistakes.Count:N0} mistakes")
            : mistakes.Count == 1 ? "the one mistake" : $"all {mistakes.Count} mistakes, the surest first");
        foreach (var line in blocks.Chunk(across))
        {
            int height = line.Max(block => block.Lines.Length);
            for (int row = 0; row < height; row++)
            {
                var cells = line.Select(block => row < block.Lines.Length ? block.Lines[row] + new string(' ', width - block.Visible[row]) : new string(' ', width));
                terminal.Output.WriteLine("  " + string.Join(Gap, cells).TrimEnd());
            }
            terminal.Output.WriteLine();
        }
    }

    private static (string[] Lines, int[] Visible, int Width) Block(Mistake mistake, Dataset data, Paint paint)
    {
        var drawn = ImageText.Draw(data[mistake.Index].Input, paint);
        string[] captions = [$"is {data.Classes![mistake.Actual]}", FormattableString.Invariant($"taken for {data.Classes[mistake.Taken]} ({mistake.Certainty * 100:F0} %)")];
        int[] visible = [.. captions.Select(caption => caption.Length), .. drawn.Lines.Select(_ => drawn.Width)];
        return ([.. captions, .. drawn.Lines], visible, visible.Max());
    }
}
