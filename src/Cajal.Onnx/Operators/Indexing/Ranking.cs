namespace Cajal.Onnx;

/// <summary>ArgMax, ArgMin, TopK and Unique.</summary>
internal static class Ranking
{
    internal static void Register(Registry registry)
    {
        Best("ArgMax", descending: true);
        Best("ArgMin", descending: false);
        registry.Add("TopK", [1, 10, 11, 24], TopK);
        registry.Add("Unique", [11], Unique);

        void Best(string name, bool descending) => registry.Add(name, [1, 11, 12, 13], node =>
        {
            int axis = node.Int("axis", 0);
            bool keep = node.Flag("keepdims", true), last = node.Flag("select_last_index");
            return call => call.Return(Place(Integers.Ordered(call.X(0), call.Element()), axis, keep, last, descending), OnnxElement.Int64);
        });
    }

    /// <summary>Where the extreme stands: the first of equals, or the last.</summary>
    private static Tensor Place(Tensor x, int axis, bool keep, bool last, bool largest)
    {
        axis = Numbers.Axis(axis, x.Rank);
        if (last) x = x.Flip(axis);
        // Sorting is exact for 64-bit numbers too, where the reduction works in doubles.
        Tensor place;
        if (x.DType == DType.Int64) place = x.ArgSort(axis, largest).Narrow(axis, 0, 1);
        else place = largest ? x.ArgMax(axis, keepAxes: true) : x.ArgMin(axis, keepAxes: true);
        if (last) place = x.Dims[axis] - 1 - place;
        return keep ? place.Contiguous() : place.Squeeze(axis).Contiguous();
    }

    private static Kernel TopK(NodeDefinition node)
    {
        int axis = node.Int("axis", -1);
        int? fixedCount = node.Version < 10 ? node.Int("k", 0) : null;
        bool largest = node.Flag("largest", true);
        return call =>
        {
            var type = call.Element();
            var x = call.Input(0);
            var (_, places) = Integers.Ordered(x.Data, type).TopK(fixedCount ?? Numbers.ToInt(call.Long(1)), axis, largest);
            call.Move(0, x.Data.Gather(Numbers.Axis(axis, x.Shape.Rank), places), x);
            call.Return(1, places, OnnxElement.Int64);
        };
    }

    private static Kernel Unique(NodeDefinition node)
    {
        int? axis = node.Has("axis") ? node.Int("axis", 0) : null;
        bool sorted = node.Flag("sorted", true);
        return call =>
        {
            var x = call.Input(0);
            int at = axis is { } named ? Numbers.Axis(named, x.Shape.Rank) : 0;
            var rows = axis is null ? x.Data.Reshape(-1, 1) : x.Data.Transpose(0, at).Contiguous().Reshape(x.Shape[at], -1);
            var found = DistinctRows.Of(x, rows, sorted);
            var picked = axis is null ? x.Data.Reshape(-1).IndexSelect(0, found.First) : x.Data.IndexSelect(at, found.First);
            call.Move(0, picked, x);
            call.Return(1, Tensor.From(found.First, found.First.Length), OnnxElement.Int64);
            call.Return(2, Tensor.From(found.Inverse, found.Inverse.Length), OnnxElement.Int64);
            call.Return(3, Tensor.From(found.Counts, found.Counts.Length), OnnxElement.Int64);
        };
    }
}
