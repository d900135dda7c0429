namespace Cajal.Onnx;

/// <summary>The attributes of RNN, GRU and LSTM.</summary>
internal sealed class RecurrentSettings
{
    private readonly string[] names;
    private readonly float[] alphas, betas;

    internal RecurrentSettings(NodeDefinition node, string[] usual)
    {
        int direction = node.Choice("direction", "forward", "forward", "reverse", "bidirectional");
        Directions = direction == 2 ? [false, true] : [direction == 1];
        names = node.TextList("activations") ?? [.. Enumerable.Repeat(usual, Directions.Length).SelectMany(set => set)];
        if (names.Length != usual.Length * Directions.Length) throw node.Bad($"{usual.Length * Directions.Length} activations are needed, but {names.Length} are named.");
        (alphas, betas) = (node.Floats("activation_alpha") ?? [], node.Floats("activation_beta") ?? []);
        Clip = node.Has("clip") ? node.Float("clip", 0) : null;
        BatchFirst = node.Flag("layout");
        ResetAfter = node.Flag("linear_before_reset");
        InputForget = node.Flag("input_forget");
        OutputsSequence = node.Version >= 7 || node.Flag("output_sequence", true);
        Activations = [.. Directions.Select((_, d) => Enumerable.Range(d * usual.Length, usual.Length).Select(place => Function(node, place)).ToArray())];
        IsUsual = Clip is null && !InputForget && names.Chunk(usual.Length).All(set => set.SequenceEqual(usual, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether each direction goes from the last step to the first.</summary>
    internal bool[] Directions { get; }

    internal float? Clip { get; }

    internal bool BatchFirst { get; }

    internal bool ResetAfter { get; }

    internal bool InputForget { get; }

    internal bool OutputsSequence { get; }

    /// <summary>The functions of each direction.</summary>
    internal Func<Tensor, Tensor>[][] Activations { get; }

    /// <summary>Whether the fused recurrences compute this.</summary>
    internal bool IsUsual { get; }

    private Func<Tensor, Tensor> Function(NodeDefinition node, int place)
    {
        string name = names[place].ToLowerInvariant();
        // Numbers are given to those functions that take some, in their order.
        int asking = names.Take(place).Count(earlier => TakesAlpha(earlier.ToLowerInvariant())), askingBeta = names.Take(place).Count(earlier => TakesBeta(earlier.ToLowerInvariant()));
        double alpha = TakesAlpha(name) && asking < alphas.Length ? alphas[asking] : name switch { "leakyrelu" => 0.01, "thresholdedrelu" or "elu" or "affine" or "scaledtanh" => 1, _ => 0.2 };
        double beta = TakesBeta(name) && askingBeta < betas.Length ? betas[askingBeta] : name switch { "hardsigmoid" => 0.5, "scaledtanh" => 1, _ => 0 };
        return name switch
        {
            "relu" => static x => x.Relu(),
            "tanh" => static x => x.Tanh(),
            "sigmoid" => static x => x.Sigmoid(),
            "softsign" => static x => x.Softsign(),
            "softplus" => static x => x.Softplus(),
            "affine" => x => x * alpha + beta,
            "leakyrelu" => x => x.LeakyRelu(alpha),
            "thresholdedrelu" => x => x.Threshold(alpha, 0),
            "scaledtanh" => x => (x * beta).Tanh() * alpha,
            "hardsigmoid" => x => (x * alpha + beta).Clamp(0, 1),
            "elu" => x => x.Elu(alpha),
            _ => throw node.Bad($"there is no activation \"{names[place]}\"."),
        };
    }

    private static bool TakesAlpha(string name) => name is "affine" or "leakyrelu" or "thresholdedrelu" or "scaledtanh" or "hardsigmoid" or "elu";

    private static bool TakesBeta(string name) => name is "affine" or "scaledtanh" or "hardsigmoid";
}

/// <summary>The weights of one direction: W [gates · H, C], U [gates · H, H], both biases [gates · H], peepholes [3 H].</summary>
internal sealed record DirectionWeights(Tensor Input, Tensor Recurrent, Tensor InputBias, Tensor RecurrentBias, Tensor? Peepholes)
{
    internal int Hidden => Recurrent.Dims[1];

    internal Tensor BothBiases { get; } = InputBias + RecurrentBias;
}
