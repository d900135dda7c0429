namespace Cajal.Kernels;

/// <summary>
/// The windows of pooling along one axis: window o covers Start[o], Start[o] + Step, ... (Count[o] positions, all inside the input), and an average over
/// it is divided by Divisor[o].
/// </summary>
internal sealed record PoolWindows(int Input, int[] Start, int[] Count, int Step, double[] Divisor)
{
    internal int Output => Start.Length;

    /// <summary>The axis that 1d pooling lacks.</summary>
    internal static PoolWindows Absent { get; } = new(1, [0], [1], 1, [1]);

    /// <summary>Windows of one length at equal distances.</summary>
    internal static PoolWindows Sliding(int input, int output, int kernel, int stride, int padding, int dilation, bool countPadding)
    {
        var start = new int[output];
        var count = new int[output];
        var divisor = new double[output];
        for (int o = 0; o < output; o++)
        {
            int first = o * stride - padding, outside = first < 0 ? (-first + dilation - 1) / dilation : 0;
            start[o] = first + outside * dilation;
            count[o] = Math.Clamp((input - start[o] + dilation - 1) / dilation, 0, Math.Max(0, kernel - outside));
            // A last window opened by ceil mode may hang over even the padding; that part never counts.
            divisor[o] = countPadding ? Math.Min(first + kernel, input + padding) - first : count[o];
        }
        return new(input, start, count, dilation, divisor);
    }

    /// <summary>Windows that cut the axis into <paramref name="output"/> parts as equal as can be: from floor(o n / m) to ceil((o + 1) n / m).</summary>
    internal static PoolWindows Adaptive(int input, int output)
    {
        var start = new int[output];
        var count = new int[output];
        var divisor = new double[output];
        for (int o = 0; o < output; o++)
        {
            start[o] = (int)((long)o * input / output);
            count[o] = (int)(((o + 1L) * input + output - 1) / output) - start[o];
            divisor[o] = count[o];
        }
        return new(input, start, count, 1, divisor);
    }

    /// <summary>The same windows with every average divided by <paramref name="value"/>.</summary>
    internal PoolWindows DividedBy(double value)
    {
        var divisor = new double[Output];
        Array.Fill(divisor, value);
        return this with { Divisor = divisor };
    }
}
