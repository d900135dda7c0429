namespace Cajal;

/// <content>What reductions share: which axes go, and the shape that remains.</content>
public static partial class TensorOps
{
    /// <summary>Marks the named axes; none named means all.</summary>
    internal static bool[] MarkAxes(Tensor x, ReadOnlySpan<int> axes, string op)
    {
        var marked = new bool[x.Rank];
        if (axes.Length == 0) Array.Fill(marked, true);
        foreach (int named in axes)
        {
            int axis = x.Axis(named, op);
            if (marked[axis]) throw new ShapeException($"{op}: axis {named} is named twice.");
            marked[axis] = true;
        }
        return marked;
    }

    internal static int CountOf(Tensor x, ReadOnlySpan<bool> marked)
    {
        int count = 1;
        for (int axis = 0; axis < x.Rank; axis++) count *= marked[axis] ? x.Dims[axis] : 1;
        return count;
    }

    /// <summary>Drops the marked axes, each of length 1.</summary>
    internal static Tensor DropAxes(Tensor x, ReadOnlySpan<bool> marked)
    {
        var dims = new List<int>(x.Rank);
        for (int axis = 0; axis < x.Rank; axis++) if (!marked[axis]) dims.Add(x.Dims[axis]);
        return x.Reshape([.. dims]);
    }

    /// <summary>Puts the marked axes back with length 1, so that <paramref name="reduced"/> broadcasts against the tensor it came from.</summary>
    internal static Tensor RestoreAxes(Tensor reduced, Shape original, ReadOnlySpan<bool> marked)
    {
        var dims = original.ToArray();
        for (int axis = 0; axis < dims.Length; axis++) if (marked[axis]) dims[axis] = 1;
        return reduced.Reshape(dims);
    }
}
