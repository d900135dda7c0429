namespace Cajal;

/// <summary>An equation of <c>Einsum</c> as lists of labels: a letter is its code, the axes of an ellipsis are -1 (the last), -2, ...</summary>
internal sealed record EinsumEquation(int[][] Inputs, int[] Output)
{
    internal static EinsumEquation Parse(string equation, ReadOnlySpan<Tensor> operands)
    {
        string text = equation.Replace(" ", "", StringComparison.Ordinal);
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        string[] inputs = (arrow < 0 ? text : text[..arrow]).Split(',');
        if (inputs.Length != operands.Length) throw Bad(equation, $"it names {inputs.Length} operands, but {operands.Length} were given");
        var lengths = new Dictionary<int, (int Length, int Operand)>();
        var labels = new int[inputs.Length][];
        int ellipsis = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            var x = operands[i];
            int letters = inputs[i].Count(char.IsAsciiLetter);
            bool open = inputs[i].Contains("...", StringComparison.Ordinal);
            if (open ? letters > x.Rank : letters != x.Rank) throw Bad(equation, $"operand {i} \"{inputs[i]}\" names {letters} axes, but the tensor is {x.Shape}");
            labels[i] = Labels(equation, inputs[i], x.Rank - letters);
            ellipsis = Math.Max(ellipsis, x.Rank - letters);
            for (int axis = 0; axis < x.Rank; axis++) CheckLength(equation, lengths, labels[i][axis], x.Dims[axis], i);
        }
        int[] output = arrow >= 0 ? Labels(equation, text[(arrow + 2)..], ellipsis) : Implicit(labels, ellipsis);
        foreach (int label in output)
        {
            if (!lengths.ContainsKey(label)) throw Bad(equation, $"the output names '{(char)label}', which no operand has");
            if (output.Count(other => other == label) > 1) throw Bad(equation, $"the output names '{(char)label}' twice");
        }
        // Axes of an ellipsis that the output leaves out would be summed in silence.
        if (ellipsis > 0 && !output.Contains(-1)) throw Bad(equation, "the operands have \"...\", so the output needs it too");
        return new(labels, output);
    }

    private static int[] Labels(string equation, string term, int ellipsis)
    {
        var labels = new List<int>();
        for (int i = 0; i < term.Length; i++)
        {
            if (char.IsAsciiLetter(term[i])) labels.Add(term[i]);
            else if (term.AsSpan(i).StartsWith("...") && !term.AsSpan(i + 3).Contains('.'))
            {
                for (int axis = ellipsis; axis >= 1; axis--) labels.Add(-axis);
                i += 2;
            }
            else throw Bad(equation, $"'{term[i]}' has no meaning in \"{term}\"; axes are letters or one \"...\"");
        }
        return [.. labels];
    }

    private static int[] Implicit(int[][] labels, int ellipsis)
    {
        var output = new List<int>();
        for (int axis = ellipsis; axis >= 1; axis--) output.Add(-axis);
        output.AddRange(labels.SelectMany(l => l).Where(l => l > 0).GroupBy(l => l).Where(group => group.Count() == 1).Select(group => group.Key).Order());
        return [.. output];
    }

    private static void CheckLength(string equation, Dictionary<int, (int Length, int Operand)> lengths, int label, int length, int operand)
    {
        if (!lengths.TryGetValue(label, out var known) || (label < 0 && known.Length == 1)) lengths[label] = (length, operand);
        else if (known.Length != length && !(label < 0 && length == 1))
        {
            string axis = label > 0 ? $"'{(char)label}'" : $"axis {label} of \"...\"";
            throw Bad(equation, $"{axis} has length {known.Length} in operand {known.Operand} but {length} in operand {operand}");
        }
    }

    private static ShapeException Bad(string equation, string why) => new($"Einsum(\"{equation}\"): {why}.");
}
