using Cajal.Autodiff;

namespace Cajal.Onnx;

/// <content>Views, copies and selections.</content>
internal static partial class OpWriters
{
    private static void AddArranging(Dictionary<string, Func<Emission, string>> all)
    {
        all["Reshape"] = Reshape;
        all["Squeeze"] = Reshape;
        all["Unsqueeze"] = static op => op.Node("Unsqueeze", [op[0], op.Writer.Longs(op.Details<int>())]);
        all["Permute"] = static op =>
        {
            int[] inverse = op.Details<int[]>(), order = new int[inverse.Length];
            for (int i = 0; i < order.Length; i++) order[inverse[i]] = i;
            return op.Node("Transpose", [op[0]], ("perm", order));
        };
        all["Expand"] = Expand;
        all["Narrow"] = Narrow;
        all["Concat"] = static op =>
        {
            var inputs = new string[op.Record.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++) inputs[i] = As(op, i);
            return op.Node("Concat", inputs, ("axis", (long)op.Details<(int Axis, int[])>().Axis));
        };
        all["Pad"] = static op =>
        {
            var (before, from, value) = op.Details<(int[] Before, int[] From, double Value)>();
            long[] pads = [.. before.Select(length => (long)length), .. from.Select((length, axis) => (long)op.Output.Dims[axis] - before[axis] - length)];
            return op.Node("Pad", [op[0], op.Writer.Longs(pads), op.Scalar(value)], ("mode", "constant"));
        };
        all["Take"] = static op => op.Node("Gather", [op[0], op[1]], ("axis", (long)op.Details<int>()));
        all["IndexSelect"] = static op =>
        {
            // Places that the module itself chose; -1 stands for zeros, which no exported operation asks for.
            var (axis, positions, _) = op.Details<(int Axis, Tensor Positions, int)>();
            return op.Node("Gather", [op[0], op.Writer.Name(positions)], ("axis", (long)axis));
        };
        all["GatherElements"] = static op => op.Node("GatherElements", [op[0], op[1]], ("axis", (long)op.Details<int>()));
        all["Diagonal"] = Diagonal;
        all["Einsum"] = static op => op.Node("Einsum", [.. Enumerable.Range(0, op.Record.Inputs.Length).Select(i => op[i])], ("equation", op.Details<string>()));
    }

    /// <summary>Lengths that do not change are numbers; one that does is worked out from the rest, or copied from the input's same axis.</summary>
    private static string Reshape(Emission op)
    {
        int[] one = op.Output.Dims, two = op.Other.Output.Dims, from = op.Tensor(0).Dims, others = op.Writer.Partner(op.Tensor(0)).Dims;
        var shape = new long[one.Length];
        int open = 0;
        for (int axis = 0; axis < one.Length; axis++)
        {
            bool copied = axis < from.Length && one[axis] == from[axis] && two[axis] == others[axis];
            shape[axis] = one[axis] == two[axis] ? one[axis] : copied ? 0 : -1;
            open += shape[axis] == -1 ? 1 : 0;
        }
        // A length of 0 would be taken for a copy, and two unknown ones cannot be told apart.
        bool plain = open <= 1 && !one.Contains(0);
        return op.Node("Reshape", [op[0], plain ? op.Writer.Longs(shape) : op.Writer.ShapeOf(op.Output)]);
    }

    private static string Expand(Emission op)
    {
        int[] one = op.Output.Dims, two = op.Other.Output.Dims, from = op.Tensor(0).Dims, others = op.Writer.Partner(op.Tensor(0)).Dims;
        int[] asked = [.. one], askedOther = [.. two];
        for (int i = 1; i <= from.Length; i++)
        {
            // Where the input has the length already, 1 keeps it.
            if (from[^i] == one[^i] && others[^i] == two[^i]) (asked[^i], askedOther[^i]) = (1, 1);
        }
        return op.Node("Expand", [op[0], op.Writer.ShapeOf(asked, askedOther)]);
    }

    private static string Narrow(Emission op)
    {
        var (_, axis, start, step) = op.Details<(Shape, int Axis, int Start, int Step)>();
        var (_, _, otherStart, _) = op.OtherDetails<(Shape, int Axis, int Start, int Step)>();
        int length = op.Tensor(0).Dims[axis], otherLength = op.Writer.Partner(op.Tensor(0)).Dims[axis], count = op.Output.Dims[axis], otherCount = op.Other.Output.Dims[axis];
        long from = start, to = start + (long)count * step;
        if (start != otherStart)
        {
            // Counted from the end it may stand still.
            if (start - length != otherStart - otherLength) throw new NotSupportedException($"Export: a part of axis {axis} begins at {start} for one input and at {otherStart} for another.");
            from = start - length;
        }
        if (start != otherStart || count != otherCount)
        {
            if (start + (count - 1L) * step < length - step || otherStart + (otherCount - 1L) * step < otherLength - step) throw new NotSupportedException($"Export: a part of axis {axis} has length {count} for one input and {otherCount} for another, and does not reach the end.");
            to = long.MaxValue;
        }
        return op.Node("Slice", [op[0], op.Writer.Longs(from), op.Writer.Longs(to), op.Writer.Longs(axis), op.Writer.Longs(step)]);
    }

    /// <summary>The diagonal as the sum over one of its axes of the product with a shifted unit matrix.</summary>
    private static string Diagonal(Emission op)
    {
        var (offset, first, second, whole) = op.Details<(int Offset, int First, int Second, Shape Whole)>();
        int rows = whole[first], columns = whole[second], rank = whole.Rank, length = op.Output.Dims[^1];
        int[] order = [.. Enumerable.Range(0, rank).Where(axis => axis != first && axis != second), first, second];
        string last = op.Node("Transpose", [op[0]], ("perm", order));
        long[] places = [.. Enumerable.Range(0, length).Select(i => (long)(offset >= 0 ? i * columns + i + offset : (i - offset) * columns + i))];
        string flat = op.Node("Reshape", [last, op.Writer.Longs([.. Enumerable.Repeat(0L, rank - 2), (long)rows * columns])]);
        return op.Node("Gather", [flat, op.Writer.Longs(places)], ("axis", (long)(rank - 2)));
    }
}
