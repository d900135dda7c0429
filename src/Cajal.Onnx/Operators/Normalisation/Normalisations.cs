namespace Cajal.Onnx;

/// <summary>BatchNormalization, InstanceNormalization, GroupNormalization, LayerNormalization, RMSNormalization, MeanVarianceNormalization, LRN and LpNormalization.</summary>
internal static class Normalisations
{
    internal static void Register(Registry registry)
    {
        registry.Add("BatchNormalization", [1, 6, 7, 9, 14, 15], BatchNorm);
        registry.Add("InstanceNormalization", [1, 6, 22], node =>
        {
            float epsilon = node.Float("epsilon", 1e-5f);
            return call => call.Return(call.X(0).InstanceNorm(call.X(1), call.X(2), epsilon));
        });
        registry.Add("GroupNormalization", [18, 21], GroupNorm);
        registry.Add("LayerNormalization", [17], LayerNorm);
        registry.Add("RMSNormalization", [23], RmsNorm);
        registry.Add("MeanVarianceNormalization", [9, 13], node =>
        {
            int[] axes = node.Ints("axes") ?? [0, 2, 3];
            return call =>
            {
                var centred = call.X(0) - call.X(0).Mean(Resolved(axes, call.X(0)), keepAxes: true);
                call.Return(centred / (centred.Square().Mean(Resolved(axes, centred), keepAxes: true).Sqrt() + 1e-9));
            };
        });
        registry.Add("LRN", [1, 13], LocalResponse);
        registry.Add("LpNormalization", [1, 22], node =>
        {
            int axis = node.Int("axis", -1), p = node.Int("p", 2);
            return call =>
            {
                var x = call.X(0);
                var length = x.Norm(p, [Numbers.Axis(axis, x.Rank)], keepAxes: true);
                // A vector of zeros has no direction and stays as it is.
                call.Return(x / Tensor.Where(length.EqualTo(0), 1, length));
            };
        });
    }

    private static int[] Resolved(int[] axes, Tensor x) => Array.ConvertAll(axes, axis => Numbers.Axis(axis, x.Rank));

    private static Kernel BatchNorm(NodeDefinition node)
    {
        float epsilon = node.Float("epsilon", 1e-5f), momentum = node.Float("momentum", 0.9f);
        bool training = node.Version >= 14 ? node.Flag("training_mode") : node.OutputCount > 1 && (node.Version >= 7 || !node.Flag("is_test"));
        if (node.Version < 9 && node.Int("spatial", 1) == 0) throw node.Unsupported("statistics for every element (spatial = 0) are not supported.");
        return call =>
        {
            Tensor x = call.X(0), scale = call.X(1), bias = call.X(2), mean = call.X(3), variance = call.X(4);
            if (!training)
            {
                call.Return(x.NormaliseChannels(mean, variance, scale, bias, epsilon));
                return;
            }
            call.Return(TensorOps.BatchNorm(x, scale.Cast(x.DType), bias.Cast(x.DType), epsilon, out var batchMean, out var batchVariance));
            call.Return(1, mean * momentum + batchMean * (1 - momentum), call.Element(3));
            call.Return(2, variance * momentum + batchVariance * (1 - momentum), call.Element(4));
            if (call.OutputCount > 3) call.Return(3, batchMean, call.Element(3));
            if (call.OutputCount > 4) call.Return(4, batchVariance, call.Element(4));
        };
    }

    private static Kernel GroupNorm(NodeDefinition node)
    {
        int groups = node.Int("num_groups", 0);
        float epsilon = node.Float("epsilon", 1e-5f);
        if (groups < 1) throw node.Bad("the attribute \"num_groups\" must be at least 1.");
        return call =>
        {
            Tensor x = call.X(0), scale = call.X(1), bias = call.X(2);
            int channels = x.Rank > 1 ? x.Dims[1] : 0;
            // Until opset 21 there was one number for each group.
            if (scale.Count != channels) (scale, bias) = (scale.RepeatInterleave(channels / groups, 0), bias.RepeatInterleave(channels / groups, 0));
            call.Return(x.GroupNorm(groups, scale, bias, epsilon));
        };
    }

    private static Kernel LayerNorm(NodeDefinition node)
    {
        int axis = node.Int("axis", -1);
        float epsilon = node.Float("epsilon", 1e-5f);
        return call =>
        {
            Tensor x = call.X(0), scale = call.X(1);
            int first = Numbers.Axis(axis, x.Rank);
            int[] lengths = x.Dims[first..], axes = [.. Enumerable.Range(first, x.Rank - first)];
            bool plain = scale.Dims.AsSpan().SequenceEqual(lengths) && (!call.Has(2) || call.X(2).Dims.AsSpan().SequenceEqual(lengths));
            var y = x.LayerNorm(lengths, plain ? scale : null, plain ? call.XOrNull(2) : null, epsilon);
            if (!plain) y = call.Has(2) ? y * scale + call.X(2) : y * scale;
            call.Return(y);
            if (!call.Wants(1) && !call.Wants(2)) return;
            var mean = x.Mean(axes, keepAxes: true);
            call.Return(1, mean, OnnxElement.Float);
            if (call.Wants(2)) call.Return(2, ((x - mean).Square().Mean(axes, keepAxes: true) + epsilon).Rsqrt(), OnnxElement.Float);
        };
    }

    private static Kernel RmsNorm(NodeDefinition node)
    {
        int axis = node.Int("axis", -1);
        float epsilon = node.Float("epsilon", 1e-5f);
        return call =>
        {
            Tensor x = call.X(0), scale = call.X(1);
            int[] lengths = x.Dims[Numbers.Axis(axis, x.Rank)..];
            bool plain = scale.Dims.AsSpan().SequenceEqual(lengths);
            var y = x.RmsNorm(lengths, plain ? scale : null, epsilon);
            call.Return(plain ? y : y * scale);
        };
    }

    /// <summary>Each element over a power of the mean square of its neighbours in the channel axis (Krizhevsky et al. 2012).</summary>
    private static Kernel LocalResponse(NodeDefinition node)
    {
        float alpha = node.Float("alpha", 0.0001f), beta = node.Float("beta", 0.75f), bias = node.Float("bias", 1);
        int size = node.Int("size", 0);
        if (size < 1) throw node.Bad("the attribute \"size\" must be at least 1.");
        return call =>
        {
            var x = call.X(0);
            if (x.Rank < 2) call.Refuse($"the input must be [N, C, ...], but it is {x.Shape}.");
            // Of an even number one more lies behind the channel than before it: the other way round than in the library.
            call.Return(size % 2 == 1 ? x.LocalResponseNorm(size, alpha, beta, bias) : x.Flip(1).LocalResponseNorm(size, alpha, beta, bias).Flip(1));
        };
    }
}
