namespace Cajal.Onnx;

/// <summary>Slice: parts along axes, in steps of either sign. The limits are attributes before opset 10 and inputs since.</summary>
internal static class Slicing
{
    internal static void Register(Registry registry) => registry.Add("Slice", [1, 10, 11, 13], node =>
    {
        if (node.Version < 10)
        {
            long[] starts = node.Longs("starts") ?? [], ends = node.Longs("ends") ?? [];
            long[]? axes = node.Longs("axes");
            return call => call.Move(Slice(call.X(0), starts, ends, axes, null));
        }
        return call => call.Move(Slice(call.X(0), call.Longs(1), call.Longs(2), call.Has(3) ? call.Longs(3) : null, call.Has(4) ? call.Longs(4) : null));
    });

    private static Tensor Slice(Tensor x, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        if (ends.Length != starts.Length || (axes is not null && axes.Length != starts.Length) || (steps is not null && steps.Length != starts.Length)) throw new InvalidOperationException("starts, ends, axes and steps must be of one length.");
        for (int i = 0; i < starts.Length; i++) x = Along(x, Numbers.Axis(axes?[i] ?? i, x.Rank), starts[i], ends[i], steps?[i] ?? 1);
        return x;
    }

    private static Tensor Along(Tensor x, int axis, long start, long end, long step)
    {
        long length = x.Dims[axis];
        if (step == 0) throw new InvalidOperationException("a slice cannot go in steps of 0.");
        start = start < 0 ? start + length : start;
        end = end < 0 ? end + length : end;
        if (step > 0)
        {
            start = Math.Clamp(start, 0, length);
            long count = Math.Max(0, (Math.Clamp(end, 0, length) - start + step - 1) / step);
            return x.Narrow(axis, count == 0 ? 0 : (int)start, (int)count, (int)Math.Min(step, int.MaxValue));
        }
        start = Math.Clamp(start, -1, length - 1);
        long last = Math.Clamp(end, -1, length - 1), span = start - last;
        long size = step == long.MinValue ? 1 : -step;
        var places = new int[Math.Max(0, (span + size - 1) / size)];
        for (int i = 0; i < places.Length; i++) places[i] = (int)(start - i * size);
        return x.IndexSelect(axis, places);
    }
}
