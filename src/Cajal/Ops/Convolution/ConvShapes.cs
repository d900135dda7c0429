using Cajal.Kernels;

namespace Cajal;

/// <content>The shape rules of convolutions: what must agree, and how long results are.</content>
public static partial class TensorOps
{
    /// <summary>The description of a convolution of x [N, C, ...] with weight [O, C / groups, ...].</summary>
    private static ConvGeometry ConvShape(
        string op, Tensor x, Tensor weight, Tensor? bias, int axes, PerAxis strides, ConvPadding paddings, PerAxis dilations, int groups)
    {
        CheckConvOperands(op, x, weight, bias, axes, groups, weight.Rank > 0 ? weight.Dims[0] : 0, $"[O, C / groups, {KernelLetters(axes)}]");
        int channels = x.Dims[1], outputs = weight.Dims[0];
        if (channels % groups != 0 || weight.Dims[1] != channels / groups)
        {
            throw new ShapeException($"{op}: input axis 1 ({channels} channels) must equal weight axis 1 ({weight.Dims[1]}) times groups ({groups}); " +
                $"input {x.Shape}, weight {weight.Shape}. The weight is [O, C / groups, {KernelLetters(axes)}].");
        }
        if (outputs % groups != 0) throw new ShapeException($"{op}: weight axis 0 ({outputs} output channels) must be a multiple of groups ({groups}); weight {weight.Shape}.");
        int[] kernel = weight.Dims[2..], stride = strides.Resolve(op, "stride", axes, 1, 1), dilation = dilations.Resolve(op, "dilation", axes, 1, 1);
        var padding = paddings.Resolve(op, kernel, stride, dilation);
        var parts = new ConvAxis[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int length = x.Dims[axis + 2], reach = (kernel[axis] - 1) * dilation[axis] + 1, room = length + padding[axis].Before + padding[axis].Behind - reach;
            if (room < 0)
            {
                throw new ShapeException($"{op}: the kernel is larger than the padded input along axis {axis + 2} ({AxisName(axis, axes)}): it covers {reach}" +
                    $"{(dilation[axis] > 1 ? $" (length {kernel[axis]}, dilation {dilation[axis]})" : "")} of {room + reach} " +
                    $"({length} and padding {padding[axis].Before} + {padding[axis].Behind}); input {x.Shape}, weight {weight.Shape}.");
            }
            parts[axis] = new(length, kernel[axis], room / stride[axis] + 1, stride[axis], padding[axis].Before, dilation[axis]);
        }
        return Geometry(x.Dims[0], channels, outputs, groups, parts);
    }

    /// <summary>The convolution whose adjoint turns x [N, C, ...] and weight [C, O / groups, ...] into [N, O, ...].</summary>
    private static ConvGeometry ConvTransposeShape(
        string op, Tensor x, Tensor weight, Tensor? bias, int axes, PerAxis strides, PerAxis paddings, PerAxis outputPaddings, PerAxis dilations, int groups)
    {
        int outputs = weight.Rank > 1 ? weight.Dims[1] * groups : 0;
        CheckConvOperands(op, x, weight, bias, axes, groups, outputs, $"[C, O / groups, {KernelLetters(axes)}]");
        int channels = x.Dims[1];
        if (weight.Dims[0] != channels)
        {
            throw new ShapeException($"{op}: input axis 1 ({channels} channels) must equal weight axis 0 ({weight.Dims[0]}); input {x.Shape}, weight {weight.Shape}. " +
                $"The weight is [C, O / groups, {KernelLetters(axes)}].");
        }
        if (channels % groups != 0) throw new ShapeException($"{op}: input axis 1 ({channels} channels) must be a multiple of groups ({groups}); input {x.Shape}.");
        int[] kernel = weight.Dims[2..], stride = strides.Resolve(op, "stride", axes, 1, 1), dilation = dilations.Resolve(op, "dilation", axes, 1, 1);
        int[] padding = paddings.Resolve(op, "padding", axes, 0, 0), extra = outputPaddings.Resolve(op, "outputPadding", axes, 0, 0);
        var parts = new ConvAxis[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int length = x.Dims[axis + 2];
            if (extra[axis] >= Math.Max(stride[axis], dilation[axis]))
            {
                throw new ShapeException($"{op}: outputPadding ({extra[axis]}) must be smaller than the stride ({stride[axis]}) or the dilation ({dilation[axis]}) " +
                    $"along axis {axis + 2} ({AxisName(axis, axes)}): it only chooses between the lengths that a stride makes ambiguous.");
            }
            int output = (length - 1) * stride[axis] - 2 * padding[axis] + dilation[axis] * (kernel[axis] - 1) + extra[axis] + 1;
            if (length < 1 || output < 1)
            {
                throw new ShapeException($"{op}: axis {axis + 2} ({AxisName(axis, axes)}) of the result would have length {output}; " +
                    $"input {x.Shape}, weight {weight.Shape}, padding {padding[axis]}. Use less padding.");
            }
            parts[axis] = new(output, kernel[axis], length, stride[axis], padding[axis], dilation[axis]);
        }
        return Geometry(x.Dims[0], outputs, channels, groups, parts);
    }

    private static void CheckConvOperands(string op, Tensor x, Tensor weight, Tensor? bias, int axes, int groups, int outputs, string weightForm)
    {
        if (x.Rank != axes + 2) throw new ShapeException($"{op}: the input must be [N, C, {KernelLetters(axes)}], or [C, {KernelLetters(axes)}] for a single sample, but it is {x.Shape}.");
        if (weight.Rank != axes + 2) throw new ShapeException($"{op}: the weight must be {weightForm}, but it is {weight.Shape}.");
        if (groups < 1) throw new ShapeException($"{op}: groups must be at least 1, not {groups}.");
        for (int axis = 2; axis < weight.Rank; axis++)
        {
            if (weight.Dims[axis] == 0) throw new ShapeException($"{op}: the kernel is empty along axis {axis} ({AxisName(axis - 2, axes)}); weight {weight.Shape}.");
        }
        if (bias is not null && (bias.Rank != 1 || bias.Dims[0] != outputs)) throw new ShapeException($"{op}: the bias must be [{outputs}], one number for each output channel, but it is {bias.Shape}.");
    }

    private static ConvGeometry Geometry(int batch, int channels, int outputs, int groups, ConvAxis[] axes) => new(batch, channels, outputs, groups,
        axes.Length > 2 ? axes[^3] : ConvAxis.Absent, axes.Length > 1 ? axes[^2] : ConvAxis.Absent, axes[^1]);

    /// <summary>The dims of a result: batch, channels, then the named length of each spatial axis.</summary>
    private static int[] ConvDims(int batch, int channels, ConvGeometry geometry, int axes, Func<ConvAxis, int> length) => axes switch
    {
        1 => [batch, channels, length(geometry.Width)],
        2 => [batch, channels, length(geometry.Height), length(geometry.Width)],
        _ => [batch, channels, length(geometry.Depth), length(geometry.Height), length(geometry.Width)],
    };

    private static string KernelLetters(int axes) => axes switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };

    private static string AxisName(int axis, int axes) => axes == 1 ? "length" : (axis + 3 - axes) switch { 0 => "depth", 1 => "height", _ => "width" };
}
