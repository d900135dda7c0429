using Cajal.Kernels;

namespace Cajal.Backends;

internal sealed unsafe partial class CpuBackend
{
    internal override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvGeometry geometry, int[] dims) =>
        Convolve("Conv", x, weight, bias, dims, geometry, ConvolutionPart.Forward);

    internal override Tensor ConvolveBackwardInput(Tensor dy, Tensor weight, Tensor? bias, ConvGeometry geometry, int[] dims) =>
        Convolve("ConvTranspose", dy, weight, bias, dims, geometry, ConvolutionPart.Input);

    internal override Tensor ConvolveBackwardWeight(Tensor x, Tensor dy, ConvGeometry geometry, int[] dims) =>
        Convolve("ConvBackwardWeight", x, dy, null, dims, geometry, ConvolutionPart.Weight);

    private enum ConvolutionPart
    {
        Forward,
        Input,
        Weight,
    }

    private static Tensor Convolve(string op, Tensor a, Tensor b, Tensor? bias, int[] dims, ConvGeometry geometry, ConvolutionPart part)
    {
        var result = Tensor.Uninitialised(dims, a.DType);
        if (result.Count == 0) return result;
        if (part == ConvolutionPart.Weight && a.Count == 0 | b.Count == 0)
        {
            result.FillRaw(0);
            return result;
        }
        (a, b, bias) = (a.Contiguous(), b.Contiguous(), bias?.Contiguous());
        switch (a.DType)
        {
            case DType.Float32: Convolve<float>(a, b, bias, result, geometry, part); break;
            case DType.Float64: Convolve<double>(a, b, bias, result, geometry, part); break;
            default: throw NotComputable(op, a.DType);
        }
        return result;
    }

    /// <summary>Beyond this, arranged filters, which take four times the memory of plain ones, are not kept.</summary>
    private const int MostKeptBytes = 16 << 20;

    /// <summary>The filters as the convolution needs them in the end, if it pays to keep them.</summary>
    private static Tensor? Filters(Tensor weight, ConvGeometry geometry, out WinogradShape shape)
    {
        shape = default;
        if (weight.DType != DType.Float32 || !Convolution.Arranges(geometry, out shape) || shape.FilterLength > MostKeptBytes / sizeof(float)) return null;
        return Arrangement.Of(weight, shape, Arranged);
    }

    private static Tensor Arranged(Tensor weight, WinogradShape shape)
    {
        var arranged = Tensor.Uninitialised([(int)shape.FilterLength], DType.Float32);
        fixed (float* from = weight.Span<float>(), to = arranged.Span<float>()) Convolution.Arrange(in shape, from, to);
        return arranged;
    }

    private static void Convolve<T>(Tensor a, Tensor b, Tensor? bias, Tensor result, ConvGeometry geometry, ConvolutionPart part) where T : unmanaged
    {
        fixed (T* pa = a.Span<T>(), pb = b.Span<T>(), pBias = bias is null ? default : bias.Span<T>(), pr = result.Span<T>())
        {
            if (part == ConvolutionPart.Forward && Filters(b, geometry, out var shape) is { } filters)
            {
                fixed (float* arranged = filters.Span<float>()) Convolution.Forward(in shape, (float*)pa, arranged, (float*)pBias, (float*)pr);
            }
            else if (part == ConvolutionPart.Forward) Convolution.Forward(geometry, pa, pb, pBias, pr);
            else if (part == ConvolutionPart.Input) Convolution.BackwardInput(geometry, pa, pb, pBias, pr);
            else Convolution.BackwardWeight(geometry, pa, pb, pr);
        }
    }

    internal override Tensor Unfold(Tensor x, ConvGeometry geometry, int[] dims) => Patches("Unfold", x, geometry, dims, fold: false);

    internal override Tensor Fold(Tensor patches, ConvGeometry geometry, int[] dims) => Patches("Fold", patches, geometry, dims, fold: true);

    private static Tensor Patches(string op, Tensor x, ConvGeometry geometry, int[] dims, bool fold)
    {
        x = x.Contiguous();
        var y = Tensor.Uninitialised(dims, x.DType);
        switch (x.DType)
        {
            case DType.Float32: PatchCopy.Run(x.Span<float>(), y.Span<float>(), geometry, fold); break;
            case DType.Float64: PatchCopy.Run(x.Span<double>(), y.Span<double>(), geometry, fold); break;
            default: throw NotComputable(op, x.DType);
        }
        return y;
    }
}
