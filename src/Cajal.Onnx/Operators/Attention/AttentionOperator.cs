namespace Cajal.Onnx;

/// <summary>Attention: several heads, shared keys (Ainslie et al. 2023), caches, masks, windows and soft caps.</summary>
internal static class AttentionOperator
{
    internal static void Register(Registry registry) => registry.Add("Attention", [23, 24, 25], node =>
    {
        var settings = new Settings(
            node.Flag("is_causal"), node.Int("q_num_heads", 0), node.Int("kv_num_heads", 0), node.Has("scale") ? node.Float("scale", 0) : null, node.Float("softcap", 0),
            node.Int("qk_matmul_output_mode", 0), node.Int("left_window_size", -1), node.Int("right_window_size", -1));
        return call => Attend(call, settings);
    });

    private sealed record Settings(bool Causal, int QueryHeads, int KeyHeads, double? Scale, double SoftCap, int Shown, int Left, int Right);

    private static void Attend(Call call, Settings settings)
    {
        bool flat = call.X(0).Rank == 3;
        Tensor query = Heads(call.X(0), settings.QueryHeads), key = Heads(call.X(1), settings.KeyHeads), value = Heads(call.X(2), settings.KeyHeads);
        int past = 0;
        if (call.Has(4))
        {
            past = call.X(4).Dims[2];
            (key, value) = (Tensor.Concat([call.X(4), key], 2), Tensor.Concat([call.X(5), value], 2));
        }
        call.Return(1, key, call.Element(1));
        call.Return(2, value, call.Element(2));
        if (query.Dims[1] % Math.Max(1, key.Dims[1]) != 0) call.Refuse($"{query.Dims[1]} heads of queries cannot share {key.Dims[1]} heads of keys.");
        int share = query.Dims[1] / key.Dims[1];
        if (share > 1) (key, value) = (key.RepeatInterleave(share, 1), value.RepeatInterleave(share, 1));
        double scale = settings.Scale ?? 1 / Math.Sqrt(query.Dims[^1]);
        var mask = Mask(call, settings, query, key, past);
        Tensor y;
        if (settings.SoftCap == 0 && !call.Wants(3)) y = Tensor.ScaledDotProductAttention(query, key, value, mask, scale: scale);
        else
        {
            var scores = query.MatMul(key.T) * scale;
            if (settings.Shown == 0) call.Return(3, scores, call.Element());
            if (settings.SoftCap != 0) scores = (scores / settings.SoftCap).Tanh() * settings.SoftCap;
            if (settings.Shown == 1) call.Return(3, scores, call.Element());
            if (mask is not null) scores += mask;
            if (settings.Shown == 2) call.Return(3, scores, call.Element());
            // A query that sees nothing takes nothing.
            var sees = scores.Detach().Max([-1], keepAxes: true).NotEqualTo(double.NegativeInfinity).Cast(scores.DType);
            var weights = TensorOps.KeepWhere(TensorOps.KeepWhere(scores, sees).Softmax(), sees);
            if (settings.Shown == 3) call.Return(3, weights, call.Element());
            y = weights.MatMul(value);
        }
        call.Return(flat ? y.Transpose(1, 2).Reshape(y.Dims[0], y.Dims[2], -1) : y);
    }

    /// <summary>[N, T, heads · D] → [N, heads, T, D]; four axes are so already.</summary>
    private static Tensor Heads(Tensor x, int heads)
    {
        if (x.Rank == 4) return x;
        if (x.Rank != 3 || heads < 1) throw new InvalidOperationException($"[N, T, width] needs the number of heads, and [N, heads, T, D] nothing; {x.Shape} is neither.");
        return x.Reshape(x.Dims[0], x.Dims[1], heads, -1).Transpose(1, 2);
    }

    /// <summary>What is added to the scores [N, heads, T, S]: 0 or -∞ for truth, causality, windows and lengths, and the mask's own numbers.</summary>
    private static Tensor? Mask(Call call, Settings settings, Tensor query, Tensor key, int past)
    {
        int batch = query.Dims[0], times = query.Dims[2], keys = key.Dims[2];
        var mask = call.Has(3) ? TensorOps.AttentionMask(call.X(3), query.DType) : null;
        // A mask may end with the last key that counts.
        if (mask is not null && mask.Dims[^1] is > 1 and var width && width < keys) mask = mask.Pad([(0, keys - width)], PadMode.Constant, double.NegativeInfinity);
        int[]? lengths = call.Has(6) ? call.Ints(6) : null;
        if (!settings.Causal && settings.Left < 0 && settings.Right < 0 && lengths is null) return mask;
        var hidden = new bool[Shape.CountOf([lengths is null ? 1 : batch, 1, times, keys])];
        for (int i = 0; i < hidden.Length; i++)
        {
            int j = i % keys, t = i / keys % times, n = i / (keys * times), place = t + (lengths is null ? past : call.Has(4) ? past : lengths[n] - times);
            hidden[i] = (settings.Causal && j > place) || (settings.Left >= 0 && j < place - settings.Left) || (settings.Right >= 0 && j > place + settings.Right) || (lengths is not null && j >= lengths[n]);
        }
        var bounds = Tensor.Zeros([lengths is null ? 1 : batch, 1, times, keys], query.DType).MaskedFill(Tensor.From(hidden, hidden.Length).Reshape(lengths is null ? 1 : batch, 1, times, keys), double.NegativeInfinity);
        return mask is null ? bounds : mask + bounds;
    }
}
