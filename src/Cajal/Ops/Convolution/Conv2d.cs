using Cajal.Autodiff;
using Cajal.Backends;
using Cajal.Kernels;

namespace Cajal;

/// <content>
/// y[n, o] = b[o] + Σ_c x[n, c] ⋆ w[o, c]. The three products of a convolution (output, input gradient, filter gradient) are linear in each of
/// their operands and are each other's derivatives, so the set is closed under differentiation.
/// </content>
public static partial class TensorOps
{
    extension(Tensor x)
    {
        /// <summary>
        /// Two-dimensional convolution (cross-correlation, as the field has it): x [N, C, H, W], weight [O, C/groups, KH, KW], bias [O] →
        /// [N, O, OH, OW] with OH = (H + 2·padding - dilation·(KH-1) - 1) / stride + 1.
        /// </summary>
        /// <exception cref="ShapeException">Ranks, channels or groups do not fit, or the kernel is larger than the padded image.</exception>
        public Tensor Conv2d(Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
        {
            var g = GeometryOf(x, weight, bias, stride, padding, dilation, groups);
            (x, weight) = (x.Contiguous(), weight.Contiguous());
            var y = Backend.Of(x).Conv(x, weight, bias?.Contiguous(), g);
            return Tape.Record("Conv2d", y, x, weight, bias, (X: (Saved)(weight.Node is null ? null : x), W: (Saved)(x.Node is null ? null : weight), Geometry: g),
                static (dy, saved, needs) => (
                    needs[0] ? ConvInputGradient(dy, saved.W, saved.Geometry) : null,
                    needs[1] ? ConvWeightGradient(saved.X, dy, saved.Geometry) : null,
                    needs[2] ? dy.Sum([0, 2, 3]) : null));
        }

        /// <summary>
        /// The adjoint of <see cref="Conv2d"/>, which enlarges: x [N, C, H, W], weight [C, O/groups, KH, KW], bias [O] → [N, O, OH, OW] with
        /// OH = (H - 1)·stride - 2·padding + dilation·(KH-1) + outputPadding + 1.
        /// </summary>
        /// <exception cref="ShapeException">Ranks, channels or groups do not fit.</exception>
        public Tensor ConvTranspose2d(Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int outputPadding = 0, int dilation = 1, int groups = 1)
        {
            if (x.Rank != 4 || weight.Rank != 4) throw new ShapeException($"ConvTranspose2d: x must be [N, C, H, W] and weight [C, O/groups, KH, KW]; x is {x.Shape}, weight is {weight.Shape}.");
            if (weight.Dims[0] != x.Dims[1]) throw new ShapeException($"ConvTranspose2d: x {x.Shape} has {x.Dims[1]} channels, but weight {weight.Shape} is for {weight.Dims[0]}.");
            int Grown(int length, int kernel) => (length - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;
            var g = new ConvGeometry(x.Dims[0], weight.Dims[1] * groups, Grown(x.Dims[2], weight.Dims[2]), Grown(x.Dims[3], weight.Dims[3]), x.Dims[1],
                weight.Dims[2], weight.Dims[3], stride, stride, padding, padding, dilation, dilation, groups);
            if (g.H < 1 || g.W < 1 || g.OutH != x.Dims[2] || g.OutW != x.Dims[3]) throw new ShapeException($"ConvTranspose2d: an outputPadding of {outputPadding} must be smaller than the stride {stride} or the dilation {dilation}, and the result [{g.H}, {g.W}] not empty.");
            var y = ConvInputGradient(x.Contiguous(), weight.Contiguous(), g);
            return bias is null ? y : y + bias.Reshape(-1, 1, 1);
        }

        /// <summary>One-dimensional convolution: x [N, C, T], weight [O, C/groups, K], bias [O] → [N, O, OT].</summary>
        public Tensor Conv1d(Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
        {
            if (x.Rank != 3 || weight.Rank != 3) throw new ShapeException($"Conv1d: x must be [N, C, T] and weight [O, C/groups, K]; x is {x.Shape}, weight is {weight.Shape}.");
            var (image, filters) = (x.Unsqueeze(2).Contiguous(), weight.Unsqueeze(2).Contiguous());
            var g = Checked("Conv1d", image, filters, bias, new(image.Dims[0], image.Dims[1], 1, image.Dims[3], filters.Dims[0], 1, filters.Dims[3], 1, stride, 0, padding, 1, dilation, groups));
            var y = Backend.Of(x).Conv(image, filters, bias?.Contiguous(), g);
            return Tape.Record("Conv1d", y, image, filters, bias, (X: (Saved)image, W: (Saved)filters, Geometry: g), static (dy, saved, needs) => (
                needs[0] ? ConvInputGradient(dy, saved.W, saved.Geometry) : null,
                needs[1] ? ConvWeightGradient(saved.X, dy, saved.Geometry) : null,
                needs[2] ? dy.Sum([0, 2, 3]) : null)).Squeeze(2);
        }
    }

    private static Tensor ConvInputGradient(Tensor dy, Tensor w, ConvGeometry g)
    {
        (dy, w) = (dy.Contiguous(), w.Contiguous());
        return Tape.Record("ConvInputGradient", Backend.Of(dy).ConvBackwardInput(dy, w, g), dy, w, (Dy: (Saved)dy, W: (Saved)w, Geometry: g), static (u, saved, needs) => (
            needs[0] ? ConvProduct(u, saved.W, saved.Geometry) : null,
            needs[1] ? ConvWeightGradient(u, saved.Dy, saved.Geometry) : null));
    }

    private static Tensor ConvWeightGradient(Tensor x, Tensor dy, ConvGeometry g)
    {
        (x, dy) = (x.Contiguous(), dy.Contiguous());
        return Tape.Record("ConvWeightGradient", Backend.Of(x).ConvBackwardWeight(x, dy, g), x, dy, (X: (Saved)x, Dy: (Saved)dy, Geometry: g), static (u, saved, needs) => (
            needs[0] ? ConvInputGradient(saved.Dy, u, saved.Geometry) : null,
            needs[1] ? ConvProduct(saved.X, u, saved.Geometry) : null));
    }

    private static Tensor ConvProduct(Tensor x, Tensor w, ConvGeometry g)
    {
        (x, w) = (x.Contiguous(), w.Contiguous());
        return Tape.Record("Conv", Backend.Of(x).Conv(x, w, null, g), x, w, (X: (Saved)x, W: (Saved)w, Geometry: g), static (u, saved, needs) => (
            needs[0] ? ConvInputGradient(u, saved.W, saved.Geometry) : null,
            needs[1] ? ConvWeightGradient(saved.X, u, saved.Geometry) : null));
    }

    private static ConvGeometry GeometryOf(Tensor x, Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups)
    {
        if (x.Rank != 4 || weight.Rank != 4) throw new ShapeException($"Conv2d: x must be [N, C, H, W] and weight [O, C/groups, KH, KW]; x is {x.Shape}, weight is {weight.Shape}.");
        return Checked("Conv2d", x, weight, bias, new(x.Dims[0], x.Dims[1], x.Dims[2], x.Dims[3], weight.Dims[0], weight.Dims[2], weight.Dims[3], stride, stride, padding, padding, dilation, dilation, groups));
    }

    private static ConvGeometry Checked(string op, Tensor x, Tensor weight, Tensor? bias, ConvGeometry g)
    {
        if (g.StrideH < 1 || g.StrideW < 1 || g.DilationH < 1 || g.DilationW < 1 || g.PadH < 0 || g.PadW < 0 || g.Groups < 1) throw new ShapeException($"{op}: stride, dilation and groups must be at least 1 and padding at least 0.");
        if (g.C % g.Groups != 0 || g.O % g.Groups != 0) throw new ShapeException($"{op}: {g.C} input and {g.O} output channels must both divide by groups = {g.Groups}.");
        if (weight.Dims[1] != g.GroupChannels) throw new ShapeException($"{op}: x {x.Shape} has {g.C} channels, so weight must have {g.GroupChannels} per group on axis 1, but it is {weight.Shape}.");
        if (bias is not null && (bias.Rank != 1 || bias.Count != g.O)) throw new ShapeException($"{op}: bias must be [{g.O}], one per output channel, but it is {bias.Shape}.");
        if (x.DType != weight.DType || !x.DType.IsFloating || !x.DType.IsComputable) throw new ShapeException($"{op}: x ({x.DType}) and weight ({weight.DType}) must both be Float32 or both Float64.");
        if (g.H + 2 * g.PadH < g.DilationH * (g.KernelH - 1) + 1 || g.W + 2 * g.PadW < g.DilationW * (g.KernelW - 1) + 1)
        {
            throw new ShapeException($"{op}: the kernel [{g.KernelH}, {g.KernelW}] is larger than the padded image [{g.H + 2 * g.PadH}, {g.W + 2 * g.PadW}]; pad more or use a smaller kernel.");
        }
        return g;
    }
}
