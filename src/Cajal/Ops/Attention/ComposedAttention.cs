using Cajal.Backends;

namespace Cajal;

/// <summary>Attention in ordinary, differentiable ops, with all weights in memory: for derivatives of derivatives, and where somebody wants to see the weights.</summary>
internal static class ComposedAttention
{
    /// <summary>
    /// softmax(scale · query keyᵀ + mask) [B..., T, S], 0 where a query sees nothing; without dropout.
    /// </summary>
    internal static Tensor Weights(AttentionCall call)
    {
        var scores = call.Query.MatMul(call.Key.T) * call.Scale;
        if (call.Mask is { } mask) scores += mask;
        if (call.Causal) scores = scores.MaskedFill(Tensor.Ones([call.Query.Dims[^2], call.Key.Dims[^2]], scores.DType).Tril().EqualTo(0), double.NegativeInfinity);
        if (scores.Count == 0) return scores;
        var sees = scores.Detach().Max([-1], keepAxes: true).NotEqualTo(double.NegativeInfinity).Cast(scores.DType);
        return TensorOps.KeepWhere(TensorOps.KeepWhere(scores, sees).Softmax(), sees);
    }

    /// <summary>What dropout multiplies the weights by, with the fused kernel's random numbers; null without dropout.</summary>
    internal static Tensor? Keep(AttentionCall call)
    {
        if (call.Drop <= 0) return null;
        var keep = Tensor.Uninitialised([.. call.Query.Dims[..^1], call.Key.Dims[^2]], DType.Float32);
        RandomFill.Bernoulli(call.Random, keep.Span<float>(), 1 - call.Drop);
        return keep.Cast(call.Query.DType) * (1 / (1 - call.Drop));
    }

    /// <summary>The gradients of query, key, value and mask (of the shape of the scores), in this order.</summary>
    internal static Tensor?[] Slopes(AttentionCall call, Tensor g)
    {
        var weights = Weights(call);
        var keep = Keep(call);
        var (kept, slope) = (weights, g.MatMul(call.Value.T));
        if (keep is not null) (kept, slope) = (weights * keep, slope * keep);
        slope = weights * (slope - (slope * weights).Sum(-1, keepAxes: true));
        return [slope.MatMul(call.Key) * call.Scale, slope.T.MatMul(call.Query) * call.Scale, kept.T.MatMul(g), call.Mask is null ? null : slope];
    }
}
