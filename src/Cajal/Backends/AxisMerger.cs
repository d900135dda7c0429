namespace Cajal.Backends;

/// <summary>Axes after merging those that every operand walks through as if they were one.</summary>
internal readonly struct MergedAxes(int[] dims, int[][] strides, int rank)
{
    internal readonly int[] Dims = dims;
    internal readonly int[][] Strides = strides;
    internal readonly int Rank = rank;

    /// <summary>Where each run along the last axis starts, in row-major order of the other axes.</summary>
    internal int[] OuterOffsets(int operand)
    {
        int count = 1;
        for (int axis = 0; axis < Rank - 1; axis++) count *= Dims[axis];
        var offsets = new int[count];
        var strides = Strides[operand];
        int filled = 1;
        // Each axis repeats what is filled so far, outermost axis first: offsets[i * length + j] grows from offsets[i].
        for (int axis = 0; axis < Rank - 1; axis++)
        {
            int length = Dims[axis], stride = strides[axis];
            for (int i = filled - 1; i >= 0; i--)
            {
                int start = offsets[i];
                for (int j = length - 1; j >= 0; j--) offsets[i * length + j] = start + j * stride;
            }
            filled *= length;
        }
        return offsets;
    }
}

/// <summary>Finds the fewest axes that describe a walk.</summary>
internal static class AxisMerger
{
    internal static MergedAxes Merge(int[] dims, int[][] strides)
    {
        var mergedDims = new int[dims.Length];
        var mergedStrides = new int[strides.Length][];
        for (int s = 0; s < strides.Length; s++) mergedStrides[s] = new int[dims.Length];
        int rank = 0;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] == 1) continue;
            if (rank > 0 && Continues(strides, mergedStrides, rank - 1, axis, dims[axis]))
            {
                mergedDims[rank - 1] *= dims[axis];
                for (int s = 0; s < strides.Length; s++) mergedStrides[s][rank - 1] = strides[s][axis];
                continue;
            }
            mergedDims[rank] = dims[axis];
            for (int s = 0; s < strides.Length; s++) mergedStrides[s][rank] = strides[s][axis];
            rank++;
        }
        return new(mergedDims, mergedStrides, rank);
    }

    private static bool Continues(int[][] strides, int[][] merged, int last, int axis, int length)
    {
        for (int s = 0; s < strides.Length; s++)
        {
            if (merged[s][last] != strides[s][axis] * length) return false;
        }
        return true;
    }
}
