namespace Cajal.Keras;

/// <summary>
/// Brings the weights of a Keras layer to the keys, axes and gate orders of this library, which are PyTorch's.
/// </summary>
/// <remarks>
/// Dense kernel [in, out] → [out, in]. Convolution kernel [k..., in, out] → [out, in, k...], transposed convolution [k..., out, in] → [in, out, k...]. Depthwise kernel [k..., in, m] → [in m, 1,
/// k...]. Batch normalisation gamma, beta, moving_mean, moving_variance → weight, bias, running_mean, running_var. LSTM gates i, f, c, o are PyTorch's i, f, g, o; its one bias becomes the
/// first of two. GRU gates z, r, h → r, z, n, with reset_after only: without it the reset gate acts before the product, which PyTorch's equations do not have.
/// </remarks>
internal static class KerasConversion
{
    /// <summary>The weights of a unit by their keys below the module.</summary>
    /// <param name="unit">The layer.</param>
    /// <param name="read">Reads a tensor of the file.</param>
    /// <param name="file">What to call the file.</param>
    internal static IEnumerable<(string Key, StateSource Source)> Of(KerasUnit unit, Func<string, Tensor> read, string file)
    {
        foreach (var (role, entry) in unit.Weights)
        {
            bool backward = role.StartsWith("backward/", StringComparison.Ordinal);
            string suffix = backward ? "_l0_reverse" : "_l0", plain = backward ? role["backward/".Length..] : role;
            bool recurrent = unit.Weights.ContainsKey("recurrent_kernel");
            if (recurrent && plain == "bias")
            {
                foreach (var bias in RecurrentBias(unit, entry, read, suffix, file)) yield return bias;
                continue;
            }
            if (recurrent && unit is { ResetAfter: false } && unit.Kind.EndsWith("gru", StringComparison.Ordinal)) throw ResetBefore(unit, file);
            var source = (plain, entry.Shape.Rank) switch
            {
                ("kernel" or "recurrent_kernel", 2) when recurrent => Source(entry, read, [entry.Shape[1], entry.Shape[0]], x => Gates(unit, x.Transpose(0, 1), 0)),
                ("kernel", 2) => Source(entry, read, [entry.Shape[1], entry.Shape[0]], x => x.Transpose(0, 1)),
                ("kernel" or "pointwise_kernel", > 2) => Permuted(entry, read, [entry.Shape.Rank - 1, entry.Shape.Rank - 2, .. Enumerable.Range(0, entry.Shape.Rank - 2)]),
                ("depthwise_kernel", > 2) => Depthwise(entry, read),
                ("alpha", _) => Source(entry, read, [entry.Shape.ElementCount], x => x.Reshape(-1)),
                _ => Source(entry, read, entry.Shape, x => x),
            };
            string? key = plain switch
            {
                "kernel" when recurrent => "weight_ih" + suffix,
                "recurrent_kernel" => "weight_hh" + suffix,
                "kernel" or "depthwise_kernel" or "pointwise_kernel" or "gamma" or "embeddings" or "alpha" => "weight",
                "bias" or "beta" => "bias",
                "moving_mean" => "running_mean",
                "moving_variance" => "running_var",
                _ => plain,
            };
            yield return (key, source);
        }
    }

    /// <summary>A layer that stands for two here: convolution per channel, then across channels.</summary>
    internal static IEnumerable<KerasUnit> Split(KerasUnit unit)
    {
        if (!unit.Kind.StartsWith("separable_", StringComparison.Ordinal))
        {
            yield return unit;
            yield break;
        }
        string plain = unit.Kind["separable_".Length..];
        yield return new($"{unit.Name}.depthwise", $"depthwise_{plain}", unit.Weights.Where(weight => weight.Key == "depthwise_kernel").ToDictionary());
        yield return new($"{unit.Name}.pointwise", plain, unit.Weights.Where(weight => weight.Key != "depthwise_kernel").ToDictionary());
    }

    private static IEnumerable<(string Key, StateSource Source)> RecurrentBias(KerasUnit unit, TensorEntry entry, Func<string, Tensor> read, string suffix, string file)
    {
        if (unit.Kind.EndsWith("gru", StringComparison.Ordinal))
        {
            if (entry.Shape.Rank != 2 || unit.ResetAfter == false) throw ResetBefore(unit, file);
            yield return ("bias_ih" + suffix, Source(entry, read, [entry.Shape[1]], x => Gates(unit, x.Select(0, 0), 0)));
            yield return ("bias_hh" + suffix, Source(entry, read, [entry.Shape[1]], x => Gates(unit, x.Select(0, 1), 0)));
            yield break;
        }
        yield return ("bias_ih" + suffix, Source(entry, read, entry.Shape, x => x));
        yield return ("bias_hh" + suffix, Source(entry, read, entry.Shape, x => Tensor.Zeros(x.Shape, x.DType)));
    }

    /// <summary>A GRU's gates from z, r, h to r, z, n; those of other layers stand right.</summary>
    private static Tensor Gates(KerasUnit unit, Tensor x, int axis)
    {
        if (!unit.Kind.EndsWith("gru", StringComparison.Ordinal) || x.Shape[axis] % 3 != 0) return x;
        int h = x.Shape[axis] / 3;
        return Tensor.Concat([x.Narrow(axis, h, h), x.Narrow(axis, 0, h), x.Narrow(axis, 2 * h, h)], axis);
    }

    private static StateSource Depthwise(TensorEntry entry, Func<string, Tensor> read)
    {
        int rank = entry.Shape.Rank;
        int[] order = [rank - 2, rank - 1, .. Enumerable.Range(0, rank - 2)], sides = entry.Shape.ToArray()[..(rank - 2)];
        int[] shape = [checked(entry.Shape[rank - 2] * entry.Shape[rank - 1]), 1, .. sides];
        return Source(entry, read, shape, x => x.Permute(order).Reshape(shape));
    }

    private static StateSource Permuted(TensorEntry entry, Func<string, Tensor> read, int[] order) =>
        Source(entry, read, new Shape([.. order.Select(axis => entry.Shape[axis])]), x => x.Permute(order));

    private static StateSource Source(TensorEntry entry, Func<string, Tensor> read, Shape shape, Func<Tensor, Tensor> convert) =>
        new(shape, StoredTypes.MemoryOf(entry.StoredType) ?? DType.Float32, () => convert(read(entry.Name)));

    private static InvalidDataException ResetBefore(KerasUnit unit, string file) =>
        new($"{file}: the GRU \"{unit.Name}\" was made with reset_after=False, whose equations no GRU here has; train it with reset_after=True, Keras's default.");
}
