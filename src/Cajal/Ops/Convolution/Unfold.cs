using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>Sliding patches as columns of a matrix, and the adjoint, which adds them back. Each is the gradient of the other.</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// The patches under a sliding kernel ("im2col"): x [N, C, H, W] → [N, C · KH · KW, P], one column for each of the P = H' · W' positions.
        /// A convolution is the product of its weight, as [O, C · KH · KW], with this.
        /// </summary>
        /// <exception cref="ShapeException">The input is not of rank 4, or the kernel is larger than the padded input.</exception>
        public Tensor Unfold(PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default)
        {
            x = x.AsFloating();
            if (x.Rank != 4) throw new ShapeException($"Unfold: the input must be [N, C, H, W], but it is {x.Shape}.");
            return Unfold(x, PatchShape("Unfold", x.Dims[0], x.Dims[1], x.Dims[2], x.Dims[3], kernel, stride, padding, dilation));
        }

        /// <summary>
        /// Adds patches up where they overlap ("col2im"), the adjoint of <see cref="Unfold(Tensor, PerAxis, PerAxis, PerAxis, PerAxis)"/>:
        /// x [N, C · KH · KW, P] → [N, C, H, W], where <paramref name="size"/> is (H, W).
        /// </summary>
        /// <exception cref="ShapeException">The input does not hold the patches of such an image.</exception>
        public Tensor Fold((int Height, int Width) size, PerAxis kernel, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default)
        {
            x = x.AsFloating();
            if (x.Rank != 3) throw new ShapeException($"Fold: the input must be [N, C · KH · KW, P], but it is {x.Shape}.");
            int[] k = kernel.Resolve("Fold", "kernel", 2, 1, 1);
            if (x.Dims[1] % (k[0] * k[1]) != 0) throw new ShapeException($"Fold: axis 1 ({x.Dims[1]}) must be a multiple of the kernel's {k[0]} x {k[1]} taps; input {x.Shape}.");
            var geometry = PatchShape("Fold", x.Dims[0], x.Dims[1] / (k[0] * k[1]), size.Height, size.Width, kernel, stride, padding, dilation);
            if (x.Dims[2] != geometry.OutputPlane)
            {
                throw new ShapeException($"Fold: axis 2 ({x.Dims[2]} patches) must be {geometry.Height.Output} x {geometry.Width.Output} = {geometry.OutputPlane}, " +
                    $"the positions of a {k[0]} x {k[1]} kernel on {size.Height} x {size.Width}; input {x.Shape}.");
            }
            return Fold(x, geometry);
        }
    }

    private static Tensor Unfold(Tensor x, ConvGeometry geometry) =>
        Tape.Record("Unfold", Backend.Of(x).Unfold(x, geometry, [geometry.Batch, geometry.InChannels * geometry.KernelPlane, geometry.OutputPlane]), x, geometry,
            static (g, geometry, _) => Fold(g, geometry));

    private static Tensor Fold(Tensor x, ConvGeometry geometry) =>
        Tape.Record("Fold", Backend.Of(x).Fold(x, geometry, [geometry.Batch, geometry.InChannels, geometry.Height.Input, geometry.Width.Input]), x, geometry,
            static (g, geometry, _) => Unfold(g, geometry));

    private static ConvGeometry PatchShape(
        string op, int batch, int channels, int height, int width, PerAxis kernels, PerAxis strides, PerAxis paddings, PerAxis dilations)
    {
        int[] kernel = kernels.Resolve(op, "kernel", 2, 1, 1), stride = strides.Resolve(op, "stride", 2, 1, 1);
        int[] padding = paddings.Resolve(op, "padding", 2, 0, 0), dilation = dilations.Resolve(op, "dilation", 2, 1, 1), lengths = [height, width];
        var axes = new ConvAxis[2];
        for (int axis = 0; axis < 2; axis++)
        {
            int reach = (kernel[axis] - 1) * dilation[axis] + 1, room = lengths[axis] + 2 * padding[axis] - reach;
            if (lengths[axis] < 1 || room < 0)
            {
                throw new ShapeException($"{op}: the kernel covers {reach} along the {AxisName(axis, 2)}, more than the padded image's {room + reach} " +
                    $"({lengths[axis]} and padding {padding[axis]} on both sides).");
            }
            axes[axis] = new(lengths[axis], kernel[axis], room / stride[axis] + 1, stride[axis], padding[axis], dilation[axis]);
        }
        return Geometry(batch, channels, channels, channels, axes);
    }
}
