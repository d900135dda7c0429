namespace Cajal;

/// <content>y[n, o, p] = bias[o] + Σ over c and taps k of x[n, c, p · stride + k · dilation - padding] w[o, c, k] (a cross-correlation, as everywhere in the field).</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Convolution over a sequence: x [N, C, L] (or [C, L]) ∗ weight [O, C / groups, K] + bias [O] → [N, O, (L + 2 padding - dilation (K - 1) - 1) / stride + 1].
        /// </summary>
        /// <param name="weight">One filter for each output channel.</param>
        /// <param name="bias">Added to each output channel.</param>
        /// <param name="stride">Distance between neighbouring outputs, in input positions (1).</param>
        /// <param name="padding">Zeros around the input (none).</param>
        /// <param name="dilation">Distance between neighbouring taps (1).</param>
        /// <param name="groups">Channels are cut into so many groups that do not see each other.</param>
        /// <exception cref="ShapeException">Channels, groups or ranks do not agree, or the kernel is larger than the padded input.</exception>
        public Tensor Conv1d(Tensor weight, Tensor? bias = null, PerAxis stride = default, ConvPadding padding = default, PerAxis dilation = default, int groups = 1) =>
            Conv("Conv1d", x, weight, bias, 1, stride, padding, dilation, groups);

        /// <summary>
        /// Convolution over an image: x [N, C, H, W] (or [C, H, W]) ∗ weight [O, C / groups, KH, KW] + bias [O] → [N, O, H', W'].
        /// </summary>
        /// <inheritdoc cref="Conv1d"/>
        public Tensor Conv2d(Tensor weight, Tensor? bias = null, PerAxis stride = default, ConvPadding padding = default, PerAxis dilation = default, int groups = 1) =>
            Conv("Conv2d", x, weight, bias, 2, stride, padding, dilation, groups);

        /// <summary>
        /// Convolution over a volume: x [N, C, D, H, W] (or [C, D, H, W]) ∗ weight [O, C / groups, KD, KH, KW] + bias [O] → [N, O, D', H', W'].
        /// </summary>
        /// <inheritdoc cref="Conv1d"/>
        public Tensor Conv3d(Tensor weight, Tensor? bias = null, PerAxis stride = default, ConvPadding padding = default, PerAxis dilation = default, int groups = 1) =>
            Conv("Conv3d", x, weight, bias, 3, stride, padding, dilation, groups);
    }

    private static Tensor Conv(string op, Tensor x, Tensor weight, Tensor? bias, int axes, PerAxis stride, ConvPadding padding, PerAxis dilation, int groups)
    {
        if (x.Rank == axes + 1) return Conv(op, x.Unsqueeze(0), weight, bias, axes, stride, padding, dilation, groups).Squeeze(0);
        ConvDType(ref x, ref weight, ref bias);
        return Convolve(op, x, weight, bias, ConvShape(op, x, weight, bias, axes, stride, padding, dilation, groups));
    }

    /// <summary>Brings the operands to one real dtype.</summary>
    private static void ConvDType(ref Tensor x, ref Tensor weight, ref Tensor? bias)
    {
        Promote(ref x, ref weight);
        x = x.AsFloating();
        weight = weight.AsFloating();
        bias = bias?.Cast(x.DType);
    }
}
