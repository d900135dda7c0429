namespace Cajal.Onnx;

/// <summary>Indices whose last axis names places in several axes at once.</summary>
internal static class IndexTuples
{
    /// <summary>The row-major places, in the axes before those that tuples leave whole, of every tuple in <paramref name="indices"/> [batch..., ..., depth].</summary>
    internal static int[] Places(int[] dims, Tensor indices, int batch)
    {
        int depth = indices.Dims[^1];
        if (batch + depth > dims.Length) throw new InvalidOperationException($"tuples of {depth} after {batch} batch axes name more axes than {Shape.Format(dims)} has.");
        int tuples = Shape.CountOf(indices.Dims.AsSpan(0, indices.Rank - 1)), batches = Shape.CountOf(dims.AsSpan(0, batch));
        if (Shape.CountOf(indices.Dims.AsSpan(0, batch)) != batches) throw new InvalidOperationException($"the first {batch} axes of {Shape.Format(dims)} and {indices.Shape} must agree.");
        long[] flat = indices.ToArray<long>();
        var places = new int[tuples];
        int perBatch = batches == 0 ? 0 : tuples / batches;
        for (int tuple = 0; tuple < tuples; tuple++)
        {
            int place = batch == 0 ? 0 : tuple / perBatch;
            for (int i = 0; i < depth; i++)
            {
                int length = dims[batch + i];
                long index = flat[tuple * depth + i];
                if (index < -length || index >= length) throw new InvalidOperationException($"index {index} is outside axis {batch + i} of {Shape.Format(dims)}.");
                place = place * length + (int)(index < 0 ? index + length : index);
            }
            places[tuple] = place;
        }
        return places;
    }
}
