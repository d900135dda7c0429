namespace Cajal.Onnx;

/// <summary>Reshape, Flatten, Squeeze, Unsqueeze, Expand, Identity: the same elements under other axes.</summary>
internal static class Reshaping
{
    internal static void Register(Registry registry)
    {
        registry.Add("Reshape", [1, 5, 13, 14, 19, 21, 23, 24, 25], Reshape);
        registry.Add("Flatten", [1, 9, 11, 13, 21, 23, 24, 25], Flatten);
        registry.Add("Squeeze", [1, 11, 13, 21, 23, 24, 25], Squeeze);
        registry.Add("Unsqueeze", [1, 11, 13, 21, 23, 24, 25], Unsqueeze);
        registry.Add("Expand", [8, 13], _ => static call =>
        {
            var x = call.X(0);
            call.Move(x.Expand(Broadcasting.Shape(x.Dims, call.Ints(1), "Expand")));
        });
        registry.Add("Identity", [1, 13, 14, 16, 19, 21, 23, 24, 25], _ => static call => call.Set(0, call.Value(0)));
    }

    private static Kernel Reshape(NodeDefinition node)
    {
        bool zeroIsZero = node.Flag("allowzero");
        int[]? old = node.Version < 5 ? node.Ints("shape") ?? [] : null;
        return call =>
        {
            var x = call.X(0);
            int[] shape = old is null ? call.Ints(1) : [.. old];
            for (int axis = 0; axis < shape.Length && !zeroIsZero; axis++)
            {
                if (shape[axis] == 0) shape[axis] = axis < x.Rank ? x.Dims[axis] : throw new InvalidOperationException($"the new shape copies axis {axis}, which {x.Shape} does not have.");
            }
            call.Move(x.Reshape(shape));
        };
    }

    private static Kernel Flatten(NodeDefinition node)
    {
        int axis = node.Int("axis", 1);
        return call =>
        {
            var x = call.X(0);
            int at = axis == x.Rank ? axis : Numbers.Axis(axis, x.Rank), rows = Shape.CountOf(x.Dims.AsSpan(0, at));
            call.Move(x.Reshape(rows, Shape.CountOf(x.Dims.AsSpan(at))));
        };
    }

    private static Kernel Squeeze(NodeDefinition node)
    {
        long[]? named = node.Version < 13 ? node.Longs("axes") : null;
        return call =>
        {
            var x = call.X(0);
            long[]? axes = named ?? (call.Has(1) ? call.Longs(1) : null);
            call.Move(axes is { Length: 0 } ? x : x.Squeeze(axes is null ? [] : Numbers.Axes(axes, x.Rank)));
        };
    }

    private static Kernel Unsqueeze(NodeDefinition node)
    {
        long[]? named = node.Version < 13 ? node.Longs("axes") ?? throw node.Bad("the attribute \"axes\" is missing.") : null;
        return call =>
        {
            var x = call.X(0);
            long[] axes = named ?? call.Longs(1);
            int rank = x.Rank + axes.Length;
            var isNew = new bool[rank];
            foreach (int axis in Numbers.Axes(axes, rank)) isNew[axis] = isNew[axis] ? throw new InvalidOperationException($"axis {axis} is named twice.") : true;
            var y = x;
            for (int axis = 0; axis < rank; axis++) if (isNew[axis]) y = y.Unsqueeze(axis);
            call.Move(y);
        };
    }
}
