using Cajal.Autodiff;
using Cajal.Kernels;

namespace Cajal;

/// <content>The shape rules of pooling.</content>
public static partial class TensorOps
{
    /// <summary>Sliding windows for the last one or two axes of x, as height and width.</summary>
    private static (PoolWindows Height, PoolWindows Width) SlidingWindows(
        string op, Tensor x, int axes, PerAxis kernels, PerAxis strides, PerAxis paddings, PerAxis dilations, bool ceilMode, bool countPadding)
    {
        CheckPoolInput(op, x, axes);
        if (!kernels.IsGiven) throw new ShapeException($"{op}: the kernel's lengths are missing.");
        int[] kernel = kernels.Resolve(op, "kernel", axes, 1, 1), stride = (strides.IsGiven ? strides : kernels).Resolve(op, "stride", axes, 1, 1);
        int[] padding = paddings.Resolve(op, "padding", axes, 0, 0), dilation = dilations.Resolve(op, "dilation", axes, 1, 1);
        var windows = new PoolWindows[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int length = x.Dims[axis + 2], reach = (kernel[axis] - 1) * dilation[axis] + 1, room = length + 2 * padding[axis] - reach;
            if (2 * padding[axis] > reach) throw new ShapeException($"{op}: padding ({padding[axis]}) may be at most half of what the kernel covers ({reach}), or windows would lie outside the input.");
            if (room < 0)
            {
                throw new ShapeException($"{op}: the kernel is larger than the padded input along axis {axis + 2} ({AxisName(axis, axes)}): it covers {reach} of {room + reach} " +
                    $"({length} and padding {padding[axis]} on both sides); input {x.Shape}.");
            }
            int output = (ceilMode ? room + stride[axis] - 1 : room) / stride[axis] + 1;
            // The last window must start inside the input or the padding before it.
            if (ceilMode && (output - 1) * stride[axis] >= length + padding[axis]) output--;
            windows[axis] = PoolWindows.Sliding(length, output, kernel[axis], stride[axis], padding[axis], dilation[axis], countPadding);
        }
        return axes == 1 ? (PoolWindows.Absent, windows[0]) : (windows[0], windows[1]);
    }

    /// <summary>What was asked for, as an exporter needs it.</summary>
    private static PoolSettings SettingsOf(
        string op, int axes, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode, bool countPadding, double? divisor = null) => new(
        kernel.Resolve(op, "kernel", axes, 1, 1), (stride.IsGiven ? stride : kernel).Resolve(op, "stride", axes, 1, 1), padding.Resolve(op, "padding", axes, 0, 0),
        dilation.Resolve(op, "dilation", axes, 1, 1), ceilMode, countPadding, divisor);

    /// <summary>Windows that bring the last one or two axes of x to given lengths.</summary>
    private static (PoolWindows Height, PoolWindows Width) AdaptiveWindows(string op, Tensor x, int axes, PerAxis size)
    {
        CheckPoolInput(op, x, axes);
        int[] output = size.Resolve(op, "the size", axes, 1, 1);
        var windows = new PoolWindows[axes];
        for (int axis = 0; axis < axes; axis++) windows[axis] = PoolWindows.Adaptive(x.Dims[axis + 2], output[axis]);
        return axes == 1 ? (PoolWindows.Absent, windows[0]) : (windows[0], windows[1]);
    }

    private static void CheckPoolInput(string op, Tensor x, int axes)
    {
        if (x.Rank != axes + 2) throw new ShapeException($"{op}: the input must be [N, C, {KernelLetters(axes)}], or [C, {KernelLetters(axes)}] for a single sample, but it is {x.Shape}.");
        for (int axis = 2; axis < x.Rank; axis++)
        {
            if (x.Dims[axis] == 0) throw new ShapeException($"{op}: there is nothing to pool along axis {axis} ({AxisName(axis - 2, axes)}) of {x.Shape}.");
        }
    }

    private static int[] PoolDims(Tensor x, PoolWindows height, PoolWindows width) =>
        x.Rank == 3 ? [x.Dims[0], x.Dims[1], width.Output] : [x.Dims[0], x.Dims[1], height.Output, width.Output];
}
