namespace Cajal.Onnx;

/// <summary>MaxPool, AveragePool, LpPool, and their global forms.</summary>
internal static class Pools
{
    internal static void Register(Registry registry)
    {
        registry.Add("MaxPool", [1, 8, 10, 11, 12, 22], MaxPool);
        registry.Add("AveragePool", [1, 7, 10, 11, 19, 22], AveragePool);
        registry.Add("LpPool", [1, 2, 11, 18, 22], LpPool);
        registry.Add("MaxUnpool", [9, 11, 22], MaxUnpool);
        registry.Add("GlobalMaxPool", [1, 22], _ => static call => call.Return(call.X(0).Max(Spatial(call.X(0)), keepAxes: true)));
        registry.Add("GlobalAveragePool", [1, 22], _ => static call => call.Return(call.X(0).Mean(Spatial(call.X(0)), keepAxes: true)));
        registry.Add("GlobalLpPool", [1, 2, 22], node =>
        {
            double p = node.Version < 2 ? node.Float("p", 2) : node.Int("p", 2);
            return call => call.Return(call.X(0).Norm(p, Spatial(call.X(0)), keepAxes: true));
        });
    }

    internal static int[] Spatial(Tensor x) => x.Rank >= 3 ? [.. Enumerable.Range(2, x.Rank - 2)] : throw new InvalidOperationException($"the input must be [N, C, ...] with at least one spatial axis, but it is {x.Shape}.");

    private static int[] KernelOf(Windows windows, NodeDefinition node) => windows.Kernel ?? throw node.Bad("the attribute \"kernel_shape\" is missing.");

    private static Kernel MaxPool(NodeDefinition node)
    {
        var windows = new Windows(node);
        int[] kernel = KernelOf(windows, node);
        bool columnMajor = node.Flag("storage_order");
        return call =>
        {
            var x = call.X(0);
            var axes = windows.Over(x.Dims.AsSpan(2), kernel);
            if (call.Wants(1))
            {
                var (values, places) = PoolPlacesOf.Max(x, axes, columnMajor);
                call.Return(0, values, call.Element());
                call.Return(1, places, OnnxElement.Int64);
            }
            else call.Return(SlicePools.Max(x.AsFloating(), axes));
        };
    }

    private static Kernel AveragePool(NodeDefinition node)
    {
        var windows = new Windows(node);
        int[] kernel = KernelOf(windows, node);
        bool countBorder = node.Flag("count_include_pad");
        return call => call.Return(SlicePools.Average(call.X(0), windows.Over(call.X(0).Dims.AsSpan(2), kernel), countBorder));
    }

    private static Kernel LpPool(NodeDefinition node)
    {
        var windows = new Windows(node);
        int[] kernel = KernelOf(windows, node);
        double p = node.Version < 2 ? node.Float("p", 2) : node.Int("p", 2);
        return call =>
        {
            var sums = SlicePools.Sum(p == 2 ? call.X(0).Square() : call.X(0).Abs().Pow(p), windows.Over(call.X(0).Dims.AsSpan(2), kernel));
            call.Return(p == 1 ? sums : TensorOps.RootFlatAtZero(sums, p));
        };
    }

    private static Kernel MaxUnpool(NodeDefinition node)
    {
        var windows = new Windows(node);
        int[] kernel = KernelOf(windows, node);
        return call =>
        {
            Tensor x = call.X(0), places = call.X(1);
            int axes = x.Rank - 2;
            var own = new int[axes];
            for (int i = 0; i < axes; i++)
            {
                var (before, behind) = windows.Pads(i, axes);
                own[i] = Numbers.ToInt((x.Dims[i + 2] - 1L) * windows.Stride(i) - before - behind + kernel[i]);
            }
            int[] planes = [x.Dims[0], x.Dims[1], .. own], whole = call.Has(2) ? Making.Lengths(call.Longs(2)) : planes;
            if (whole.Length != x.Rank) call.Refuse($"the output shape must have {x.Rank} axes, but it is {Shape.Format(whole)}.");
            var y = Tensor.Zeros([Shape.CountOf(planes)], x.DType).Scatter(0, places.Reshape(-1), x.Reshape(-1)).Reshape(planes);
            // A larger output keeps the planes in its corner.
            call.Return(whole.AsSpan().SequenceEqual(planes) ? y : y.Pad([.. whole.Zip(planes, (wanted, have) => (0, wanted - have))]));
        };
    }
}
