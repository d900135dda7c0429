namespace Cajal.Onnx;

/// <summary>NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: classes in axis 1, targets for every other place.</summary>
internal static class LossOperators
{
    internal static void Register(Registry registry)
    {
        registry.Add("NegativeLogLikelihoodLoss", [12, 13, 22], node =>
        {
            var reduce = Reduction(node);
            return call => call.Return(reduce(call.X(0), call.X(1), call.XOrNull(2)));
        });
        registry.Add("SoftmaxCrossEntropyLoss", [12, 13], node =>
        {
            var reduce = Reduction(node);
            return call =>
            {
                var logs = call.X(0).LogSoftmax(1);
                call.Return(reduce(logs, call.X(1), call.XOrNull(2)));
                call.Return(1, logs, call.Element());
            };
        });
    }

    private static Func<Tensor, Tensor, Tensor?, Tensor> Reduction(NodeDefinition node)
    {
        int reduction = node.Choice("reduction", "mean", "none", "sum", "mean");
        long? ignored = node.Has("ignore_index") ? node.Long("ignore_index", 0) : null;
        return (logs, target, weight) =>
        {
            // Places that are ignored read class 0 and count nothing.
            var counts = ignored is { } index ? target.NotEqualTo(Tensor.Scalar(index).Cast(target.DType)) : null;
            if (counts is not null) target = Tensor.Where(counts, target, Tensor.Scalar(0).Cast(target.DType));
            var loss = -logs.Gather(1, target.Unsqueeze(1).Contiguous()).Squeeze(1);
            var share = weight?.IndexSelect(0, target);
            if (counts is not null) share = share is null ? counts.Cast(loss.DType) : TensorOps.KeepWhere(share, counts.Cast(loss.DType));
            if (share is not null) loss = TensorOps.KeepWhere(loss, share) * share;
            return reduction switch { 0 => loss, 1 => loss.Sum(), _ => share is null ? loss.Mean() : loss.Sum() / share.Sum() };
        };
    }
}
