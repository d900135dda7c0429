namespace Cajal.Onnx;

/// <summary>Gather, GatherElements, GatherND, Compress, NonZero, OneHot, Where: elements by place or by truth.</summary>
internal static class Gathering
{
    internal static void Register(Registry registry)
    {
        registry.Add("Gather", [1, 11, 13], node =>
        {
            int axis = node.Int("axis", 0);
            return call => call.Move(call.X(0).IndexSelect(axis, call.X(1)));
        });
        registry.Add("GatherElements", [11, 13], node =>
        {
            int axis = node.Int("axis", 0);
            return call => call.Move(call.X(0).Gather(axis, call.X(1)));
        });
        registry.Add("GatherND", [11, 12, 13], node =>
        {
            int batch = node.Int("batch_dims", 0);
            return call => call.Move(GatherND(call.X(0), call.X(1), batch));
        });
        registry.Add("Compress", [9, 11], node =>
        {
            int? axis = node.Has("axis") ? node.Int("axis", 0) : null;
            return call =>
            {
                var x = axis is null ? call.X(0).Reshape(-1) : call.X(0);
                bool[] keep = call.X(1).ToArray<bool>();
                int at = Numbers.Axis(axis ?? 0, x.Rank);
                if (keep.Length > x.Dims[at]) call.Refuse($"the condition has {keep.Length} values, but axis {at} of {x.Shape} is shorter.");
                call.Move(x.IndexSelect(at, [.. Enumerable.Range(0, keep.Length).Where(place => keep[place])]));
            };
        });
        registry.Add("NonZero", [9, 13], _ => static call => call.Return(call.X(0).NonZero().T.Contiguous(), OnnxElement.Int64));
        registry.Add("Where", [9, 16], _ => static call => call.Move(0, Tensor.Where(call.X(0), call.X(1), call.X(2)).Cast(call.X(1).DType), call.Input(1)));
        registry.Add("OneHot", [9, 11], node =>
        {
            int axis = node.Int("axis", -1);
            return call => call.Move(0, OneHot(call.X(0), Numbers.ToInt((long)call.Number(1)), call.X(2), axis), call.Input(2));
        });
    }

    private static Tensor GatherND(Tensor x, Tensor indices, int batch)
    {
        if (indices.Rank == 0 || batch < 0 || batch >= Math.Min(x.Rank, indices.Rank)) throw new InvalidOperationException($"batch_dims {batch} must be below the ranks of data {x.Shape} and indices {indices.Shape}.");
        var places = IndexTuples.Places(x.Dims, indices, batch);
        int depth = indices.Dims[^1];
        int joined = Shape.CountOf(x.Dims.AsSpan(0, batch + depth));
        var rows = x.Reshape([joined, .. x.Dims[(batch + depth)..]]).IndexSelect(0, places);
        return rows.Reshape([.. indices.Dims[..^1], .. x.Dims[(batch + depth)..]]);
    }

    private static Tensor OneHot(Tensor indices, int depth, Tensor values, int axis)
    {
        if (values.Count != 2) throw new InvalidOperationException($"the values must be [off, on], but they are {values.Shape}.");
        int at = Numbers.Axis(axis, indices.Rank + 1);
        long[] places = Array.ConvertAll(indices.ToArray<double>(), place => (long)place is var whole && whole < 0 ? whole + depth : whole);
        // What is no class has no 1 at all.
        var hot = Tensor.From(places, places.Length).Reshape(indices.Shape).Unsqueeze(at).EqualTo(Tensor.Arange(depth).Reshape([depth, .. Enumerable.Repeat(1, indices.Rank - at)]));
        var pair = values.Reshape(2);
        return Tensor.Where(hot, pair.Select(0, 1), pair.Select(0, 0)).Cast(values.DType);
    }
}
