namespace Cajal;

/// <content>The adjoint of a convolution in its input: each x[n, c, p] adds w[c, o, k] to y[n, o, p · stride + k · dilation - padding].</content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Transposed convolution over a sequence: x [N, C, L] (or [C, L]), weight [C, O / groups, K], bias [O] →
        /// [N, O, (L - 1) stride - 2 padding + dilation (K - 1) + outputPadding + 1].
        /// </summary>
        /// <param name="weight">As for the convolution from the result to x, so input channels come first.</param>
        /// <param name="bias">Added to each output channel.</param>
        /// <param name="stride">Distance between the places of neighbouring inputs, in output positions (1).</param>
        /// <param name="padding">Positions cut from both ends of the result (none).</param>
        /// <param name="outputPadding">Positions added behind, where a stride leaves the length open (none).</param>
        /// <param name="dilation">Distance between neighbouring taps (1).</param>
        /// <param name="groups">Channels are cut into so many groups that do not see each other.</param>
        /// <exception cref="ShapeException">Channels, groups or ranks do not agree, or the result would be empty.</exception>
        public Tensor ConvTranspose1d(Tensor weight, Tensor? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default, PerAxis dilation = default, int groups = 1) =>
            ConvTranspose("ConvTranspose1d", x, weight, bias, 1, stride, padding, outputPadding, dilation, groups);

        /// <summary>Transposed convolution over an image: x [N, C, H, W] (or [C, H, W]), weight [C, O / groups, KH, KW], bias [O] → [N, O, H', W'].</summary>
        /// <inheritdoc cref="ConvTranspose1d"/>
        public Tensor ConvTranspose2d(Tensor weight, Tensor? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default, PerAxis dilation = default, int groups = 1) =>
            ConvTranspose("ConvTranspose2d", x, weight, bias, 2, stride, padding, outputPadding, dilation, groups);

        /// <summary>Transposed convolution over a volume: x [N, C, D, H, W] (or [C, D, H, W]), weight [C, O / groups, KD, KH, KW], bias [O] → [N, O, D', H', W'].</summary>
        /// <inheritdoc cref="ConvTranspose1d"/>
        public Tensor ConvTranspose3d(Tensor weight, Tensor? bias = null, PerAxis stride = default, PerAxis padding = default, PerAxis outputPadding = default, PerAxis dilation = default, int groups = 1) =>
            ConvTranspose("ConvTranspose3d", x, weight, bias, 3, stride, padding, outputPadding, dilation, groups);
    }

    private static Tensor ConvTranspose(
        string op, Tensor x, Tensor weight, Tensor? bias, int axes, PerAxis stride, PerAxis padding, PerAxis outputPadding, PerAxis dilation, int groups)
    {
        if (x.Rank == axes + 1) return ConvTranspose(op, x.Unsqueeze(0), weight, bias, axes, stride, padding, outputPadding, dilation, groups).Squeeze(0);
        ConvDType(ref x, ref weight, ref bias);
        return ConvBackwardInput(op, x, weight, bias, ConvTransposeShape(op, x, weight, bias, axes, stride, padding, outputPadding, dilation, groups));
    }
}
