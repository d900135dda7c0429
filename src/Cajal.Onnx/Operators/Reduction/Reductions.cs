namespace Cajal.Onnx;

/// <summary>The Reduce... operators: axes are an attribute, and since opset 18 (ReduceSum: 13) an input.</summary>
internal static class Reductions
{
    private delegate Tensor Reduction(Tensor x, int[] axes, bool keep);

    internal static void Register(Registry registry)
    {
        Add("ReduceSum", 13, [1, 11, 13], static (x, axes, keep) => x.Sum(axes, keep));
        Add("ReduceProd", 18, [1, 11, 13, 18], static (x, axes, keep) => x.Prod(axes, keep));
        Add("ReduceMax", 18, [1, 11, 12, 13, 18, 20], static (x, axes, keep) => Extreme(x, axes, keep, largest: true));
        Add("ReduceMin", 18, [1, 11, 12, 13, 18, 20], static (x, axes, keep) => Extreme(x, axes, keep, largest: false));
        Add("ReduceL1", 18, [1, 11, 13, 18], static (x, axes, keep) => x.Abs().Sum(axes, keep));
        Add("ReduceSumSquare", 18, [1, 11, 13, 18], static (x, axes, keep) => (x * x).Sum(axes, keep));
        Real("ReduceMean", static (x, axes, keep) => x.Mean(axes, keep));
        Real("ReduceL2", static (x, axes, keep) => x.Norm(2, axes, keep));
        Real("ReduceLogSum", static (x, axes, keep) => x.Sum(axes, keep).Log());
        Real("ReduceLogSumExp", static (x, axes, keep) => x.LogSumExp(axes, keep));

        void Real(string name, Reduction reduce) => Add(name, 18, [1, 11, 13, 18], (x, axes, keep) => reduce(x.DType.IsFloating ? x : x.Cast(DType.Float64), axes, keep));

        void Add(string name, int axesAreInput, int[] since, Reduction reduce) => registry.Add(name, since, node =>
        {
            bool keep = node.Flag("keepdims", true), nothing = node.Flag("noop_with_empty_axes");
            long[]? named = node.Version < axesAreInput ? node.Longs("axes") : null;
            return call =>
            {
                var type = call.Element();
                var x = Integers.Ordered(call.X(0), name is "ReduceMax" or "ReduceMin" ? type : OnnxElement.Int64);
                long[] axes = named ?? (call.Has(1) && call.Node.Version >= axesAreInput ? call.Longs(1) : []);
                // Nothing named means all, or none if the node says so; a scalar has no axis to name.
                var y = axes.Length == 0 && nothing ? reduce(x.Unsqueeze(-1), [x.Rank], false) : x.Rank == 0 ? reduce(x.Unsqueeze(0), [0], false) : reduce(x, Numbers.Axes(axes, x.Rank), keep);
                call.Return(Integers.Ordered(y, name is "ReduceMax" or "ReduceMin" ? type : OnnxElement.Int64), type);
            };
        });
    }

    /// <summary>Of no elements at all, the value that every other one beats.</summary>
    private static Tensor Extreme(Tensor x, int[] axes, bool keep, bool largest)
    {
        if (x.Count > 0) return x.DType == DType.Bool ? Extreme(x.Cast(DType.Int32), axes, keep, largest) : largest ? x.Max(axes, keep) : x.Min(axes, keep);
        var empty = x.Sum(axes, keep);
        double least = x.DType switch { DType.Bool => 0, DType.Int32 => int.MinValue, DType.Int64 => long.MinValue, _ => double.NegativeInfinity };
        double most = x.DType switch { DType.Bool => 1, DType.Int32 => int.MaxValue, DType.Int64 => long.MaxValue, _ => double.PositiveInfinity };
        return Tensor.Full(empty.Shape, largest ? least : most, x.DType);
    }
}
