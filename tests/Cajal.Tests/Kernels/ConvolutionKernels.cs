using System.Runtime.Intrinsics;
using Cajal.Kernels;

namespace Cajal.Tests.Kernels;

/// <summary>The kernels that a convolution that is not a product of matrices may run in.</summary>
public enum ConvolutionKernel
{
    Winograd,
    Channels,
    Patches,
    DepthwiseDirect,
    DepthwiseSlab,
    WeightSums,
    DepthwiseWeightSums,
}

/// <summary>Runs a given kernel whatever the library would choose, in the widest vectors that it would be run in.</summary>
internal static unsafe class ConvolutionKernels
{
    /// <summary>Those that can compute the part at all. Where Winograd's does not pay, <see cref="Convolution"/> should run the next.</summary>
    internal static ConvolutionKernel[] Able(ConvolutionPart part, ConvGeometry geometry)
    {
        var able = new List<ConvolutionKernel>();
        if (geometry.IsPointwise) return [];
        bool layers = geometry is { Groups: 1, Depth.IsPointwise: true, Height: { Kernel: >= 2, Dilation: 1 }, Width: { Kernel: >= 2, Dilation: 1 } };
        bool strides = part != ConvolutionPart.Input || geometry is { Height.Stride: 1, Width.Stride: 1 };
        if (layers && strides && Vector128.IsHardwareAccelerated) able.Add(ConvolutionKernel.Winograd);
        if (part == ConvolutionPart.Weight)
        {
            if (geometry is { IsDepthwise: true, Groups: > 1 }) able.Add(ConvolutionKernel.DepthwiseWeightSums);
            able.Add(ConvolutionKernel.WeightSums);
            return [.. able];
        }
        if (geometry.IsDepthwise)
        {
            if (Fits(ConvolutionKernel.DepthwiseDirect, part, geometry)) able.Add(ConvolutionKernel.DepthwiseDirect);
            able.Add(ConvolutionKernel.DepthwiseSlab);
        }
        else if (Fits(ConvolutionKernel.Channels, part, geometry)) able.Add(ConvolutionKernel.Channels);
        able.Add(ConvolutionKernel.Patches);
        return [.. able];
    }

    internal static void Run(ConvolutionKernel kernel, ConvolutionPart part, ConvGeometry geometry, float* a, float* b, float* bias, float* result)
    {
        int row = RowToFill(part, geometry);
        if (Vector512.IsHardwareAccelerated && row >= Vector512<float>.Count) Run<Vector512<float>, Lanes512<float>>(kernel, part, geometry, a, b, bias, result);
        else if (Vector256.IsHardwareAccelerated && row >= Vector256<float>.Count) Run<Vector256<float>, Lanes256<float>>(kernel, part, geometry, a, b, bias, result);
        else if (Vector128.IsHardwareAccelerated && row >= Vector128<float>.Count) Run<Vector128<float>, Lanes128<float>>(kernel, part, geometry, a, b, bias, result);
        else Run<float, Lanes1<float>>(kernel, part, geometry, a, b, bias, result);
    }

    /// <summary>The part as Winograd's kernels see it, and whether the library would run them.</summary>
    internal static bool PaysWinograd(ConvolutionPart part, ConvGeometry geometry, out WinogradShape shape) =>
        (part == ConvolutionPart.Input ? WinogradShape.TryBackwardInput(geometry, out shape) : WinogradShape.TryForward(geometry, out shape)) && Vector128.IsHardwareAccelerated;

    private static bool Fits(ConvolutionKernel kernel, ConvolutionPart part, ConvGeometry geometry)
    {
        int row = RowToFill(part, geometry);
        var problem = Problem(part, geometry, null, null, null, null);
        if (Vector512.IsHardwareAccelerated && row >= Vector512<float>.Count) return Fits<Vector512<float>, Lanes512<float>>(kernel, in problem);
        if (Vector256.IsHardwareAccelerated && row >= Vector256<float>.Count) return Fits<Vector256<float>, Lanes256<float>>(kernel, in problem);
        if (Vector128.IsHardwareAccelerated && row >= Vector128<float>.Count) return Fits<Vector128<float>, Lanes128<float>>(kernel, in problem);
        return Fits<float, Lanes1<float>>(kernel, in problem);
    }

    private static bool Fits<V, L>(ConvolutionKernel kernel, in PatchProblem<float> problem)
        where V : struct
        where L : ILanes<float, V> =>
        kernel == ConvolutionKernel.Channels ? ChannelConvolution<float, V, L>.Fits(in problem) : DepthwiseDirect<float, V, L>.Fits(in problem);

    private static void Run<V, L>(ConvolutionKernel kernel, ConvolutionPart part, ConvGeometry geometry, float* a, float* b, float* bias, float* result)
        where V : struct
        where L : ILanes<float, V>
    {
        int row = geometry.InChannels * geometry.KernelPlane;
        PaysWinograd(part, geometry, out var shape);
        var problem = part == ConvolutionPart.Weight ? default : Problem(part, geometry, a, b, bias, result);
        switch (kernel)
        {
            case ConvolutionKernel.Winograd when part == ConvolutionPart.Weight:
                WinogradWeightGradient<V, L>.Run(in shape, a, b, result);
                break;
            case ConvolutionKernel.Winograd when part == ConvolutionPart.Forward:
                WinogradConvolution<V, L>.Run(in shape, a, b, row, geometry.KernelPlane, false, bias, result);
                break;
            case ConvolutionKernel.Winograd:
                WinogradConvolution<V, L>.Run(in shape, a, b, geometry.KernelPlane, row, true, bias, result);
                break;
            case ConvolutionKernel.Channels: ChannelConvolution<float, V, L>.Run(in problem); break;
            case ConvolutionKernel.Patches: PatchConvolution<float, V, L>.Run(in problem); break;
            case ConvolutionKernel.DepthwiseDirect: DepthwiseDirect<float, V, L>.Run(in problem); break;
            case ConvolutionKernel.DepthwiseSlab: DepthwiseSlab<float, V, L>.Run(in problem); break;
            case ConvolutionKernel.WeightSums: WeightGradient<float, V, L>.Run(geometry, a, b, result); break;
            case ConvolutionKernel.DepthwiseWeightSums: DepthwiseGradient<float, V, L>.Run(geometry, a, b, result); break;
        }
    }

    /// <summary>Depthwise kernels are run in vectors that a row fills; others fill them with channels or with zeros.</summary>
    private static int RowToFill(ConvolutionPart part, ConvGeometry geometry) => !geometry.IsDepthwise || geometry.Groups == 1 && part == ConvolutionPart.Weight ? int.MaxValue
        : part == ConvolutionPart.Input ? TapAxis.Backward(geometry.Width)[0].Grid
        : geometry.Width.Output;

    private static PatchProblem<float> Problem(ConvolutionPart part, ConvGeometry g, float* source, float* w, float* bias, float* target)
    {
        bool forward = part == ConvolutionPart.Forward;
        int row = g.GroupInChannels * g.KernelPlane;
        return new()
        {
            Batch = g.Batch, Groups = g.Groups, Weights = w, Source = source, Target = target, Bias = bias,
            WeightGroup = g.GroupOutChannels * row, KernelPlane = g.KernelPlane, KernelHeight = g.Height.Kernel, KernelWidth = g.Width.Kernel,
            Channels = forward ? g.GroupInChannels : g.GroupOutChannels, Rows = forward ? g.GroupOutChannels : g.GroupInChannels,
            WeightRow = forward ? row : g.KernelPlane, WeightChannel = forward ? g.KernelPlane : row,
            TargetDepth = forward ? g.Depth.Output : g.Depth.Input,
            TargetHeight = forward ? g.Height.Output : g.Height.Input,
            TargetWidth = forward ? g.Width.Output : g.Width.Input,
            Depth = forward ? [TapAxis.Forward(g.Depth)] : TapAxis.Backward(g.Depth),
            Height = forward ? [TapAxis.Forward(g.Height)] : TapAxis.Backward(g.Height),
            Width = forward ? [TapAxis.Forward(g.Width)] : TapAxis.Backward(g.Width),
        };
    }
}
