namespace Cajal.Onnx;

/// <summary>Pad: borders of one number, of reflections, of the edge or of the other end; negative ones cut off.</summary>
internal static class Padding
{
    internal static void Register(Registry registry) => registry.Add("Pad", [1, 2, 11, 13, 18, 19, 21, 23, 24, 25], node =>
    {
        var mode = (PadMode)node.Choice("mode", "constant", "constant", "reflect", "edge", "wrap");
        if (node.Version < 11)
        {
            int[] pads = node.Ints("pads") ?? node.Ints("paddings") ?? throw node.Bad("the attribute \"pads\" is missing.");
            float value = node.Float("value", 0);
            return call => call.Move(Pad(call.X(0), pads, null, mode, Tensor.Scalar(value)));
        }
        return call => call.Move(Pad(call.X(0), call.Ints(1), call.Has(3) ? call.Longs(3) : null, mode, call.XOrNull(2)));
    });

    private static Tensor Pad(Tensor x, int[] pads, long[]? axes, PadMode mode, Tensor? value)
    {
        int[] named = axes is null ? [.. Enumerable.Range(0, x.Rank)] : Numbers.Axes(axes, x.Rank);
        if (pads.Length != 2 * named.Length) throw new InvalidOperationException($"{named.Length} axes need {2 * named.Length} pads, but {pads.Length} are given.");
        var borders = new (int Before, int After)[x.Rank];
        for (int i = 0; i < named.Length; i++) borders[named[i]] = (pads[i], pads[i + named.Length]);
        if (mode == PadMode.Constant) return Constant(x, borders, value);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            // A border may be longer than what it repeats; it is added in pieces that are not.
            var (before, after) = borders[axis];
            if (before < 0 || after < 0) x = x.Narrow(axis, Math.Max(0, -before), x.Dims[axis] - Math.Max(0, -before) - Math.Max(0, -after));
            (before, after) = (Math.Max(0, before), Math.Max(0, after));
            if (before + after > 0) x = x.IndexSelect(axis, Places(x.Dims[axis], before, after, mode));
        }
        return x;
    }

    private static Tensor Constant(Tensor x, (int Before, int After)[] borders, Tensor? value)
    {
        if (value is not null && value.Count != 1) throw new InvalidOperationException($"the border must be one number, not {value.Shape}.");
        if (x.DType != DType.Int64 || value is null) return x.Pad(borders, PadMode.Constant, value?.ElementAt(0) ?? 0);
        // 64-bit numbers and handles of text do not fit a double: where the border is, a mask says so.
        var inside = Tensor.Ones(x.Shape, DType.Bool).Pad(borders);
        return Tensor.Where(inside, x.Pad(borders), value.Reshape());
    }

    private static int[] Places(int length, int before, int after, PadMode mode)
    {
        if (length == 0) throw new InvalidOperationException("an empty axis has nothing to fill a border with.");
        var places = new int[before + length + after];
        for (int i = 0; i < places.Length; i++)
        {
            int at = i - before;
            places[i] = mode switch
            {
                PadMode.Replicate => Math.Clamp(at, 0, length - 1),
                PadMode.Circular => (at % length + length) % length,
                _ => Mirrored(at, length),
            };
        }
        return places;
    }

    private static int Mirrored(int at, int length)
    {
        if (length == 1) return 0;
        int period = 2 * (length - 1), place = (at % period + period) % period;
        return Math.Min(place, period - place);
    }
}
