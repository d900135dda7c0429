namespace Cajal.Tests.Ops;

/// <summary>Convolutions and pooling by their definitions: one loop over every output, tap and channel, for any number of spatial axes.</summary>
internal static class ConvReference
{
    /// <summary>x [N, C, ...], w [O, C / groups, ...], b [O] or null; <paramref name="before"/> and <paramref name="behind"/> are zeros around x.</summary>
    internal static RefArray Conv(RefArray x, RefArray w, RefArray? b, int[] stride, int[] before, int[] behind, int[] dilation, int groups)
    {
        int[] kernel = w.Shape[2..], length = x.Shape[2..];
        int perGroup = w.Shape[0] / groups;
        int[] output = [.. length.Select((n, a) => (n + before[a] + behind[a] - dilation[a] * (kernel[a] - 1) - 1) / stride[a] + 1)];
        return RefArray.Build([x.Shape[0], w.Shape[0], .. output], index =>
        {
            int o = index[1];
            double sum = b?.Values[o] ?? 0;
            for (int c = 0; c < w.Shape[1]; c++)
            {
                foreach (var tap in RefArray.Indices(kernel))
                {
                    int[] at = [.. tap.Select((k, a) => index[a + 2] * stride[a] + k * dilation[a] - before[a])];
                    if (Inside(at, length)) sum += x[[index[0], o / perGroup * w.Shape[1] + c, .. at]] * w[[o, c, .. tap]];
                }
            }
            return sum;
        });
    }

    /// <summary>x [N, C, ...], w [C, O / groups, ...], b [O] or null: every input writes its taps.</summary>
    internal static RefArray Transpose(RefArray x, RefArray w, RefArray? b, int[] stride, int[] padding, int[] extra, int[] dilation, int groups)
    {
        int[] kernel = w.Shape[2..];
        int perGroup = x.Shape[1] / groups;
        int[] output = [.. x.Shape[2..].Select((n, a) => (n - 1) * stride[a] - 2 * padding[a] + dilation[a] * (kernel[a] - 1) + extra[a] + 1)];
        var y = RefArray.Build([x.Shape[0], w.Shape[1] * groups, .. output], index => b?.Values[index[1]] ?? 0);
        foreach (var from in RefArray.Indices(x.Shape))
        {
            for (int o = 0; o < w.Shape[1]; o++)
            {
                foreach (var tap in RefArray.Indices(kernel))
                {
                    int[] at = [.. tap.Select((k, a) => from[a + 2] * stride[a] + k * dilation[a] - padding[a])];
                    if (Inside(at, output)) y[[from[0], from[1] / perGroup * w.Shape[1] + o, .. at]] += x[from] * w[[from[1], o, .. tap]];
                }
            }
        }
        return y;
    }

    /// <summary>f(values of the window, in order) for windows at o * stride - padding, those outside x left out; as many windows as <paramref name="output"/> says.</summary>
    internal static RefArray Pool(RefArray x, int[] output, int[] kernel, int[] stride, int[] padding, int[] dilation, Func<List<double>, int[], double> f) =>
        RefArray.Build([x.Shape[0], x.Shape[1], .. output], index =>
        {
            var window = new List<double>();
            foreach (var tap in RefArray.Indices(kernel))
            {
                int[] at = [.. tap.Select((k, a) => index[a + 2] * stride[a] + k * dilation[a] - padding[a])];
                if (Inside(at, x.Shape[2..])) window.Add(x[[index[0], index[1], .. at]]);
            }
            return f(window, index[2..]);
        });

    /// <summary>f(values of part o) where part o of an axis of n in m parts runs from floor(o n / m) to ceil((o + 1) n / m).</summary>
    internal static RefArray Adaptive(RefArray x, int[] size, Func<IEnumerable<double>, double> f)
    {
        int[] length = x.Shape[2..];
        return RefArray.Build([x.Shape[0], x.Shape[1], .. size], index =>
        {
            int[] start = [.. size.Select((m, a) => (int)Math.Floor((double)index[a + 2] * length[a] / m))];
            int[] count = [.. size.Select((m, a) => (int)Math.Ceiling((index[a + 2] + 1.0) * length[a] / m) - start[a])];
            return f(RefArray.Indices(count).Select(inner => x[[index[0], index[1], .. inner.Select((i, a) => start[a] + i)]]));
        });
    }

    private static bool Inside(int[] at, int[] shape) => !at.Where((i, axis) => i < 0 || i >= shape[axis]).Any();
}
