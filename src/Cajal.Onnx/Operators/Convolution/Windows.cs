namespace Cajal.Onnx;

/// <summary>How the windows of a convolution or pooling move: the attributes kernel_shape, strides, dilations, pads and auto_pad.</summary>
/// <param name="node">The node that has them.</param>
internal sealed class Windows(NodeDefinition node)
{
    private readonly int autoPad = node.Choice("auto_pad", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "");
    private readonly int[]? strides = node.Ints("strides"), dilations = node.Ints("dilations"), pads = node.Ints("pads");

    /// <summary>Lengths of the kernel; null where a weight has them.</summary>
    internal int[]? Kernel { get; } = node.Ints("kernel_shape");

    private bool HangsOver { get; } = node.Flag("ceil_mode");

    internal bool IsSame => autoPad is 1 or 2;

    internal bool IsSameUpper => autoPad == 1;

    /// <summary>The windows along the spatial axes of an input.</summary>
    /// <param name="lengths">Of the axes.</param>
    /// <param name="kernel">Of the weight, where there is one.</param>
    internal WindowAxis[] Over(ReadOnlySpan<int> lengths, ReadOnlySpan<int> kernel)
    {
        int axes = lengths.Length;
        var windows = new WindowAxis[axes];
        for (int i = 0; i < axes; i++)
        {
            int taps = At(kernel, i, 1, axes), stride = At(strides, i, 1, axes), dilation = At(dilations, i, 1, axes);
            if (taps < 1 || stride < 1 || dilation < 1) throw new InvalidOperationException($"kernel, strides and dilations must be at least 1 along axis {i + 2}.");
            long reach = (taps - 1L) * dilation + 1;
            long before = autoPad == 0 ? At(pads, i, 0, 2 * axes) : 0, behind = autoPad == 0 ? At(pads, i + axes, 0, 2 * axes) : 0;
            if (IsSame)
            {
                long outputs = (lengths[i] + stride - 1L) / stride, missing = Math.Max(0, (outputs - 1) * stride + reach - lengths[i]);
                before = IsSameUpper ? missing / 2 : missing - missing / 2;
                behind = missing - before;
            }
            long room = lengths[i] + before + behind - reach;
            if (before < 0 || behind < 0 || before + behind > int.MaxValue / 2 || reach > int.MaxValue / 2) throw new InvalidOperationException($"the pads ({before}, {behind}) or the reach of the kernel ({reach}) make no sense along axis {i + 2}.");
            if (room < 0) throw new InvalidOperationException($"the kernel reaches over {reach} positions, but axis {i + 2} has {lengths[i]} and pads ({before}, {behind}).");
            long count = (HangsOver ? room + stride - 1 : room) / stride + 1;
            // A window that hangs over must start within the input or the border before it.
            if (HangsOver && (count - 1) * stride >= lengths[i] + before) count--;
            windows[i] = new(lengths[i], taps, stride, dilation, (int)before, (int)behind, (int)count);
        }
        return windows;
    }

    internal int Stride(int axis) => At(strides, axis, 1, axis + 1);

    internal int Dilation(int axis) => At(dilations, axis, 1, axis + 1);

    /// <summary>The pads before and behind an axis, as the attribute has them.</summary>
    internal (int Before, int Behind) Pads(int axis, int axes) => (At(pads, axis, 0, 2 * axes), At(pads, axis + axes, 0, 2 * axes));

    private static int At(ReadOnlySpan<int> values, int place, int fallback, int expected)
    {
        if (values.IsEmpty) return fallback;
        return place < values.Length ? values[place] : throw new InvalidOperationException($"an attribute has {values.Length} numbers, but at least {expected} are needed.");
    }
}

/// <summary>Windows along one axis.</summary>
/// <param name="Length">Of the input.</param>
/// <param name="Taps">Positions in a window.</param>
/// <param name="Stride">Between windows.</param>
/// <param name="Dilation">Between positions of a window.</param>
/// <param name="Before">The border before the input.</param>
/// <param name="Behind">The border behind it.</param>
/// <param name="Count">Windows.</param>
internal readonly record struct WindowAxis(int Length, int Taps, int Stride, int Dilation, int Before, int Behind, int Count)
{
    internal int Reach => (Taps - 1) * Dilation + 1;

    internal bool IsSymmetric => Before == Behind;

    /// <summary>How far the last window reaches behind the input and its border.</summary>
    internal int Overhang => Math.Max(0, (Count - 1) * Stride + Reach - Length - Before - Behind);
}
