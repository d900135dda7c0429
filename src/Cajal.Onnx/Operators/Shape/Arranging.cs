namespace Cajal.Onnx;

/// <summary>Transpose, Concat, Split, Tile, DepthToSpace, SpaceToDepth, ReverseSequence, Trilu: the same elements in another order.</summary>
internal static class Arranging
{
    internal static void Register(Registry registry)
    {
        registry.Add("Transpose", [1, 13, 21, 23, 24, 25], node =>
        {
            int[]? order = node.Ints("perm");
            return call => call.Move(call.X(0).Permute(order ?? [.. Enumerable.Range(0, call.X(0).Rank).Reverse()]));
        });
        registry.Add("Concat", [1, 4, 11, 13], node =>
        {
            int axis = node.Int("axis", 1);
            return call =>
            {
                var parts = new Tensor[call.InputCount];
                for (int i = 0; i < parts.Length; i++) parts[i] = call.X(i);
                call.Move(Tensor.Concat(parts, axis));
            };
        });
        registry.Add("Split", [1, 2, 11, 13, 18], Split);
        registry.Add("Tile", [1, 6, 13], node => node.Version < 6
            ? static call =>
            {
                int[] times = [.. Enumerable.Repeat(1, call.X(0).Rank)];
                times[Numbers.Axis(call.Long(2), times.Length)] = Numbers.ToInt(call.Long(1));
                call.Move(call.X(0).Repeat(times));
            }
            : static call => call.Move(call.X(0).Repeat(call.Ints(1))));
        registry.Add("DepthToSpace", [1, 11, 13], DepthToSpace);
        registry.Add("SpaceToDepth", [1, 13], SpaceToDepth);
        registry.Add("ReverseSequence", [10], ReverseSequence);
        registry.Add("Trilu", [14], node =>
        {
            bool upper = node.Flag("upper", true);
            return call =>
            {
                int diagonal = call.Has(1) ? Numbers.Near(Math.Clamp(call.Long(1), -(1 << 30), 1 << 30)) : 0;
                call.Move(upper ? call.X(0).Triu(diagonal) : call.X(0).Tril(diagonal));
            };
        });
    }

    private static Kernel Split(NodeDefinition node)
    {
        int axis = node.Int("axis", 0), count = node.Version >= 18 && node.Has("num_outputs") ? node.Int("num_outputs", 0) : node.OutputCount;
        int[]? named = node.Version < 13 ? node.Ints("split") : null;
        if (count < 1) throw node.Bad("there must be at least one part.");
        return call =>
        {
            var x = call.Input(0);
            int at = Numbers.Axis(axis, x.Shape.Rank), length = x.Data.Dims[at];
            int[] sizes = named ?? (call.Has(1) ? call.Ints(1) : Equal(length, count));
            var parts = x.Data.Split(sizes, at);
            if (parts.Length < call.OutputCount) call.Refuse($"{parts.Length} parts are made, but {call.OutputCount} are named.");
            for (int i = 0; i < call.OutputCount; i++) call.Move(i, parts[i], x);
        };
    }

    /// <summary>Parts of equal size; the last ones may be smaller or empty.</summary>
    private static int[] Equal(int length, int count)
    {
        int size = (length + count - 1) / count;
        var sizes = new int[count];
        for (int i = 0; i < count; i++) sizes[i] = Math.Clamp(length - i * size, 0, size);
        return sizes;
    }

    private static Kernel DepthToSpace(NodeDefinition node)
    {
        int block = node.Int("blocksize", 0);
        bool columns = node.Choice("mode", "DCR", "DCR", "CRD") == 1;
        if (block < 1) throw node.Bad("the attribute \"blocksize\" must be at least 1.");
        return call =>
        {
            var x = call.X(0);
            if (x.Rank != 4) call.Refuse($"the input must be [N, C, H, W], but it is {x.Shape}.");
            int n = x.Dims[0], c = x.Dims[1] / (block * block), h = x.Dims[2], w = x.Dims[3];
            var apart = columns ? x.Reshape(n, c, block, block, h, w).Permute(0, 1, 4, 2, 5, 3) : x.Reshape(n, block, block, c, h, w).Permute(0, 3, 4, 1, 5, 2);
            call.Move(apart.Reshape(n, c, h * block, w * block));
        };
    }

    private static Kernel SpaceToDepth(NodeDefinition node)
    {
        int block = node.Int("blocksize", 0);
        if (block < 1) throw node.Bad("the attribute \"blocksize\" must be at least 1.");
        return call =>
        {
            var x = call.X(0);
            if (x.Rank != 4) call.Refuse($"the input must be [N, C, H, W], but it is {x.Shape}.");
            int n = x.Dims[0], c = x.Dims[1], h = x.Dims[2] / block, w = x.Dims[3] / block;
            call.Move(x.Reshape(n, c, h, block, w, block).Permute(0, 3, 5, 1, 2, 4).Reshape(n, c * block * block, h, w));
        };
    }

    private static Kernel ReverseSequence(NodeDefinition node)
    {
        int batch = node.Int("batch_axis", 1), time = node.Int("time_axis", 0);
        if (batch is not (0 or 1) || time is not (0 or 1) || batch == time) throw node.Bad("batch_axis and time_axis must be 0 and 1, in either order.");
        return call =>
        {
            var x = call.X(0);
            if (x.Rank < 2) call.Refuse($"the input must have time and batch axes, but it is {x.Shape}.");
            int[] lengths = call.Ints(1);
            if (lengths.Length != x.Dims[batch]) call.Refuse($"there are {lengths.Length} lengths for {x.Dims[batch]} sequences.");
            // Rows [N · T]: each step takes its place from the other end of its sequence.
            var rows = batch == 0 ? x : x.Transpose(0, 1);
            int steps = rows.Dims[1];
            var places = new int[lengths.Length * steps];
            for (int n = 0; n < lengths.Length; n++)
            {
                if (lengths[n] < 0 || lengths[n] > steps) call.Refuse($"length {n} is {lengths[n]}, but the sequences have {steps} steps.");
                for (int t = 0; t < steps; t++) places[n * steps + t] = n * steps + (t < lengths[n] ? lengths[n] - 1 - t : t);
            }
            var turned = rows.Reshape([lengths.Length * steps, .. rows.Dims[2..]]).IndexSelect(0, places).Reshape(rows.Shape);
            call.Move(batch == 0 ? turned : turned.Transpose(0, 1).Contiguous());
        };
    }
}
