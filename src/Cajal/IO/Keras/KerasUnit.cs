namespace Cajal.Keras;

/// <summary>One layer of Keras with weights, or one half of a separable convolution.</summary>
/// <param name="Name">What it is called in the file.</param>
/// <param name="Kind">What it is, in Keras's class names as words: <c>dense</c>, <c>conv2d</c>, <c>batch_normalization</c>, <c>bidirectional_lstm</c> and so on.</param>
/// <param name="Weights">Keys in the file by role: <c>kernel</c>, <c>bias</c>, <c>gamma</c>; those of a backward direction as <c>backward/kernel</c>.</param>
internal sealed record KerasUnit(string Name, string Kind, IReadOnlyDictionary<string, TensorEntry> Weights)
{
    /// <summary>Whether a GRU applies its reset gate behind the product; null where the file does not say.</summary>
    internal bool? ResetAfter { get; init; }

    /// <summary>Whether it is a class of Keras that has weights here; one of somebody's own is told by its weights.</summary>
    internal static bool IsKnown(string kind) => kind == "bidirectional" || Enumerable.Range(1, 4).Any(count => RolesOf(kind, count) is not null);

    /// <summary>The kinds a layer may be, by the roles of its weights, where the file names no class.</summary>
    internal static string KindOf(string name, IReadOnlyDictionary<string, TensorEntry> weights)
    {
        if (weights.TryGetValue("recurrent_kernel", out var recurrent))
        {
            string kind = RecurrentKind(recurrent);
            return weights.ContainsKey("backward/kernel") ? $"bidirectional_{kind}" : kind;
        }
        if (weights.ContainsKey("depthwise_kernel")) return weights.ContainsKey("pointwise_kernel") ? "separable_conv2d" : "depthwise_conv2d";
        if (weights.ContainsKey("embeddings")) return "embedding";
        if (weights.ContainsKey("moving_mean")) return "batch_normalization";
        if (weights.ContainsKey("gamma") || weights.ContainsKey("beta")) return name.Contains("group", StringComparison.OrdinalIgnoreCase) ? "group_normalization" : "layer_normalization";
        if (weights.ContainsKey("alpha")) return "p_re_lu";
        if (!weights.TryGetValue("kernel", out var kernel)) return "other";
        return kernel.Shape.Rank switch
        {
            2 => "dense",
            > 2 and var rank => $"conv{rank - 2}d{(name.Contains("transpose", StringComparison.OrdinalIgnoreCase) ? "_transpose" : "")}",
            _ => "other",
        };
    }

    /// <summary>Which recurrence it is, by how many gates stand in its kernel [H, gates H].</summary>
    internal static string RecurrentKind(TensorEntry kernel) =>
        kernel.Shape.Rank == 2 && kernel.Shape[0] > 0 ? (kernel.Shape[1] / kernel.Shape[0]) switch { 4 => "lstm", 3 => "gru", _ => "simple_rnn" } : "other";

    /// <summary>The roles of weights that stand in a file only by number, in the order in which Keras makes them; null where they cannot be told.</summary>
    internal static string[]? RolesOf(string kind, int count) => (kind, count) switch
    {
        ("dense" or "conv1d" or "conv2d" or "conv3d" or "conv1d_transpose" or "conv2d_transpose" or "conv3d_transpose", 1 or 2) => ["kernel", "bias"],
        ("depthwise_conv1d" or "depthwise_conv2d", 1 or 2) => ["depthwise_kernel", "bias"],
        ("separable_conv1d" or "separable_conv2d", 2 or 3) => ["depthwise_kernel", "pointwise_kernel", "bias"],
        ("lstm" or "gru" or "simple_rnn", 2 or 3) => ["kernel", "recurrent_kernel", "bias"],
        ("embedding", 1) => ["embeddings"],
        ("batch_normalization", 4) => ["gamma", "beta", "moving_mean", "moving_variance"],
        ("batch_normalization", 2) => ["moving_mean", "moving_variance"],
        ("layer_normalization" or "group_normalization", 1 or 2) => ["gamma", "beta"],
        ("p_re_lu", 1) => ["alpha"],
        _ => null,
    };

    /// <summary>A class name as words: <c>BatchNormalization</c> → <c>batch_normalization</c>, <c>Conv2D</c> → <c>conv2d</c>.</summary>
    internal static string Words(string className)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < className.Length; i++)
        {
            bool begins = char.IsUpper(className[i]) && i > 0 && (char.IsLower(className[i - 1]) || (char.IsUpper(className[i - 1]) && i + 1 < className.Length && char.IsLower(className[i + 1])));
            if (begins) text.Append('_');
            text.Append(char.ToLowerInvariant(className[i]));
        }
        return text.ToString();
    }
}
