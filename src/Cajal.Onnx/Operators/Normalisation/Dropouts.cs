namespace Cajal.Onnx;

/// <summary>Dropout: the identity, unless the graph itself says that it is training (an input since opset 12).</summary>
internal static class Dropouts
{
    private const double UsualRatio = 0.5;

    internal static void Register(Registry registry) => registry.Add("Dropout", [1, 6, 7, 10, 12, 13, 22], node =>
    {
        long? seed = node.Has("seed") ? node.Long("seed", 0) : null;
        if (node.Version < 7 && node.Has("is_test") && !node.Flag("is_test") || node.Version < 12) return static call => Keep(call);
        return call =>
        {
            double ratio = call.Has(1) ? call.Number(1) : UsualRatio;
            if (!call.Has(2) || call.Number(2) == 0 || ratio == 0)
            {
                Keep(call);
                return;
            }
            if (ratio is not (> 0 and < 1)) call.Refuse($"the ratio must lie in [0, 1), but it is {ratio}.");
            var x = call.X(0);
            double[] drawn = SeededDraws.Uniform(seed, x.Count);
            var kept = Tensor.From(Array.ConvertAll(drawn, value => value >= ratio), x.Count).Reshape(x.Shape);
            call.Return(x * kept.Cast(x.DType) * (1 / (1 - ratio)));
            call.Return(1, kept, OnnxElement.Bool);
        };
    });

    private static void Keep(Call call)
    {
        call.Set(0, call.Value(0));
        if (!call.Wants(1)) return;
        // Until opset 10 the mask had the type of the data.
        var ones = Tensor.Ones(call.X(0).Shape, DType.Bool);
        call.Return(1, ones, call.Node.Version < 10 ? call.Element() : OnnxElement.Bool);
    }
}
