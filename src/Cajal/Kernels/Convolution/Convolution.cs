using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cajal.Kernels;

/// <summary>
/// Convolutions and their two adjoints on raw contiguous memory, for float and double. The caller pins it; results overlap nothing.
/// </summary>
/// <remarks>Which kernel runs is a function of shapes, and each sums in a fixed order: results are the same bits on any number of threads.</remarks>
internal static unsafe class Convolution
{
    /// <summary>Whether a convolution of floats rearranges its filters in a way that follows from the filters alone: the layers of a kernel depend on its stride.</summary>
    internal static bool Arranges(ConvGeometry geometry, out WinogradShape shape) =>
        WinogradShape.TryForward(geometry, out shape) && !geometry.IsCovering && !shape.IsInterleaved && Vector128.IsHardwareAccelerated;

    /// <summary>The filters as <see cref="Forward(in WinogradShape, float*, float*, float*, float*)"/> takes them.</summary>
    internal static void Arrange(in WinogradShape shape, float* w, float* arranged)
    {
        nint channel = shape.KernelPlane, row = channel * shape.Channels;
        if (Vector512.IsHardwareAccelerated) { WinogradConvolution<Vector512<float>, Lanes512<float>>.Filters(in shape, w, row, channel, false, arranged); }
        else if (Vector256.IsHardwareAccelerated) { WinogradConvolution<Vector256<float>, Lanes256<float>>.Filters(in shape, w, row, channel, false, arranged); }
        else { WinogradConvolution<Vector128<float>, Lanes128<float>>.Filters(in shape, w, row, channel, false, arranged); }
    }

    /// <summary>y = x ∗ w + bias from filters that <see cref="Arrange"/> has arranged.</summary>
    internal static void Forward(in WinogradShape shape, float* x, float* arranged, float* bias, float* y)
    {
        if (Vector512.IsHardwareAccelerated) { WinogradConvolution<Vector512<float>, Lanes512<float>>.Run(in shape, x, arranged, bias, y); }
        else if (Vector256.IsHardwareAccelerated) { WinogradConvolution<Vector256<float>, Lanes256<float>>.Run(in shape, x, arranged, bias, y); }
        else { WinogradConvolution<Vector128<float>, Lanes128<float>>.Run(in shape, x, arranged, bias, y); }
    }

    /// <summary>y = x ∗ w + bias; <paramref name="bias"/> [OutChannels] may be null.</summary>
    internal static void Forward<T>(ConvGeometry geometry, T* x, T* w, T* bias, T* y)
        where T : unmanaged
    {
        if (geometry.IsCovering)
        {
            CoveringConvolution.Forward(geometry, x, w, bias, y);
            return;
        }
        if (geometry.IsPointwise)
        {
            Pointwise(geometry, geometry.GroupOutChannels, geometry.GroupInChannels, w, geometry.GroupInChannels, 1, x, bias, y);
            return;
        }
        if (typeof(T) == typeof(float) && WinogradShape.TryForward(geometry, out var shape))
        {
            if (Winograd(in shape, (float*)x, (float*)w, (nint)geometry.InChannels * geometry.KernelPlane, geometry.KernelPlane, false, (float*)bias, (float*)y)) return;
        }
        var problem = Problem(geometry, w);
        (problem.Channels, problem.Rows) = (geometry.GroupInChannels, geometry.GroupOutChannels);
        (problem.WeightRow, problem.WeightChannel) = (geometry.GroupInChannels * geometry.KernelPlane, geometry.KernelPlane);
        problem.Source = x;
        problem.Target = y;
        problem.Bias = bias;
        (problem.TargetDepth, problem.TargetHeight, problem.TargetWidth) = (geometry.Depth.Output, geometry.Height.Output, geometry.Width.Output);
        (problem.Depth, problem.Height, problem.Width) = ([TapAxis.Forward(geometry.Depth)], [TapAxis.Forward(geometry.Height)], [TapAxis.Forward(geometry.Width)]);
        Patches(in problem);
    }

    /// <summary>dx = the adjoint in x applied to dy (a transposed convolution), plus <paramref name="bias"/> [InChannels] if it is not null.</summary>
    internal static void BackwardInput<T>(ConvGeometry geometry, T* dy, T* w, T* bias, T* dx)
        where T : unmanaged
    {
        if (geometry.IsCovering)
        {
            CoveringConvolution.BackwardInput(geometry, dy, w, bias, dx);
            return;
        }
        if (geometry.IsPointwise)
        {
            Pointwise(geometry, geometry.GroupInChannels, geometry.GroupOutChannels, w, 1, geometry.GroupInChannels, dy, bias, dx);
            return;
        }
        if (typeof(T) == typeof(float) && WinogradShape.TryBackwardInput(geometry, out var shape))
        {
            if (Winograd(in shape, (float*)dy, (float*)w, geometry.KernelPlane, (nint)geometry.InChannels * geometry.KernelPlane, true, (float*)bias, (float*)dx)) return;
        }
        var problem = Problem(geometry, w);
        (problem.Channels, problem.Rows) = (geometry.GroupOutChannels, geometry.GroupInChannels);
        (problem.WeightRow, problem.WeightChannel) = (geometry.KernelPlane, geometry.GroupInChannels * geometry.KernelPlane);
        problem.Source = dy;
        problem.Target = dx;
        problem.Bias = bias;
        (problem.TargetDepth, problem.TargetHeight, problem.TargetWidth) = (geometry.Depth.Input, geometry.Height.Input, geometry.Width.Input);
        (problem.Depth, problem.Height, problem.Width) = (TapAxis.Backward(geometry.Depth), TapAxis.Backward(geometry.Height), TapAxis.Backward(geometry.Width));
        Patches(in problem);
    }

    /// <summary>dw = the adjoint in w: Σ over images and positions of x under each tap times dy.</summary>
    internal static void BackwardWeight<T>(ConvGeometry geometry, T* x, T* dy, T* dw)
        where T : unmanaged
    {
        if (geometry.IsCovering) { CoveringConvolution.BackwardWeight(geometry, x, dy, dw); }
        else if (geometry.IsPointwise) { PointwiseWeight(geometry, x, dy, dw); }
        else if (typeof(T) == typeof(float) && WinogradShape.TryForward(geometry, out var shape) && WinogradWeight(in shape, (float*)x, (float*)dy, (float*)dw)) { }
        else if (typeof(T) == typeof(float)) { Weight(geometry, (float*)x, (float*)dy, (float*)dw); }
        else { Weight(geometry, (double*)x, (double*)dy, (double*)dw); }
    }

    private static PatchProblem<T> Problem<T>(ConvGeometry geometry, T* w)
        where T : unmanaged
        => new()
        {
            Batch = geometry.Batch, Groups = geometry.Groups, Weights = w,
            WeightGroup = geometry.GroupOutChannels * geometry.GroupInChannels * geometry.KernelPlane,
            KernelPlane = geometry.KernelPlane, KernelHeight = geometry.Height.Kernel, KernelWidth = geometry.Width.Kernel,
        };

    /// <summary>For each image and group: target [rows, P] = weights [rows, depth] source [depth, P].</summary>
    private static void Pointwise<T>(ConvGeometry geometry, int rows, int depth, T* w, nint rowW, nint columnW, T* source, T* bias, T* target)
        where T : unmanaged
    {
        int positions = geometry.InputPlane;
        for (int group = 0; group < geometry.Groups; group++)
        {
            Gemm.MultiplyBatched(geometry.Batch, rows, positions, depth,
                w + (nint)group * rows * depth, 0, rowW, columnW,
                source + (nint)group * depth * positions, (nint)geometry.Groups * depth * positions, positions, 1,
                target + (nint)group * rows * positions, (nint)geometry.Groups * rows * positions, positions, bias is null ? null : bias + group * rows);
        }
    }

    private static void PointwiseWeight<T>(ConvGeometry geometry, T* x, T* dy, T* dw)
        where T : unmanaged
    {
        int positions = geometry.InputPlane, inside = geometry.GroupInChannels, outside = geometry.GroupOutChannels;
        for (int image = 0; image < geometry.Batch; image++)
        {
            Gemm.MultiplyBatched(geometry.Groups, outside, inside, positions,
                dy + (nint)image * geometry.OutChannels * positions, (nint)outside * positions, positions, 1,
                x + (nint)image * geometry.InChannels * positions, (nint)inside * positions, 1, positions,
                dw, (nint)outside * inside, inside, rowBias: null, accumulate: image > 0);
        }
    }

    /// <summary>False where no vectors are accelerated.</summary>
    private static bool Winograd(in WinogradShape shape, float* source, float* w, nint rowStep, nint channelStep, bool turned, float* bias, float* target)
    {
        if (Vector512.IsHardwareAccelerated) { WinogradConvolution<Vector512<float>, Lanes512<float>>.Run(in shape, source, w, rowStep, channelStep, turned, bias, target); }
        else if (Vector256.IsHardwareAccelerated) { WinogradConvolution<Vector256<float>, Lanes256<float>>.Run(in shape, source, w, rowStep, channelStep, turned, bias, target); }
        else if (Vector128.IsHardwareAccelerated) { WinogradConvolution<Vector128<float>, Lanes128<float>>.Run(in shape, source, w, rowStep, channelStep, turned, bias, target); }
        else { return false; }
        return true;
    }

    private static bool WinogradWeight(in WinogradShape shape, float* x, float* dy, float* dw)
    {
        if (Vector512.IsHardwareAccelerated) { WinogradWeightGradient<Vector512<float>, Lanes512<float>>.Run(in shape, x, dy, dw); }
        else if (Vector256.IsHardwareAccelerated) { WinogradWeightGradient<Vector256<float>, Lanes256<float>>.Run(in shape, x, dy, dw); }
        else if (Vector128.IsHardwareAccelerated) { WinogradWeightGradient<Vector128<float>, Lanes128<float>>.Run(in shape, x, dy, dw); }
        else { return false; }
        return true;
    }

    private static void Patches<T>(in PatchProblem<T> problem)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) { Choose(in Unsafe.As<PatchProblem<T>, PatchProblem<float>>(ref Unsafe.AsRef(in problem))); }
        else { Choose(in Unsafe.As<PatchProblem<T>, PatchProblem<double>>(ref Unsafe.AsRef(in problem))); }
    }

    private static void Choose<T>(in PatchProblem<T> problem)
        where T : unmanaged, INumberBase<T>
    {
        if (problem.Channels == 1 && problem.Rows == 1) { ChooseDepthwise(in problem); }
        else if (Vector512.IsHardwareAccelerated) { Patches<T, Vector512<T>, Lanes512<T>>(in problem); }
        else if (Vector256.IsHardwareAccelerated) { Patches<T, Vector256<T>, Lanes256<T>>(in problem); }
        else if (Vector128.IsHardwareAccelerated) { Patches<T, Vector128<T>, Lanes128<T>>(in problem); }
        else { Patches<T, T, Lanes1<T>>(in problem); }
    }

    private static void Patches<T, V, L>(in PatchProblem<T> problem)
        where T : unmanaged
        where V : struct
        where L : ILanes<T, V>
    {
        if (ChannelConvolution<T, V, L>.Fits(in problem)) { ChannelConvolution<T, V, L>.Run(in problem); }
        else { PatchConvolution<T, V, L>.Run(in problem); }
    }

    /// <summary>The widest vector that a row fills.</summary>
    private static void ChooseDepthwise<T>(in PatchProblem<T> problem)
        where T : unmanaged, INumberBase<T>
    {
        int width = problem.Width[0].Grid;
        if (Vector512.IsHardwareAccelerated && width >= Vector512<T>.Count) { Depthwise<T, Vector512<T>, Lanes512<T>>(in problem); }
        else if (Vector256.IsHardwareAccelerated && width >= Vector256<T>.Count) { Depthwise<T, Vector256<T>, Lanes256<T>>(in problem); }
        else if (Vector128.IsHardwareAccelerated && width >= Vector128<T>.Count) { Depthwise<T, Vector128<T>, Lanes128<T>>(in problem); }
        else { Depthwise<T, T, Lanes1<T>>(in problem); }
    }

    private static void Depthwise<T, V, L>(in PatchProblem<T> problem)
        where T : unmanaged
        where V : struct
        where L : ILanes<T, V>
    {
        if (DepthwiseDirect<T, V, L>.Fits(in problem)) { DepthwiseDirect<T, V, L>.Run(in problem); }
        else { DepthwiseSlab<T, V, L>.Run(in problem); }
    }

    private static void Weight<T>(ConvGeometry geometry, T* x, T* dy, T* dw)
        where T : unmanaged, INumberBase<T>
    {
        if (geometry.IsDepthwise && geometry.Groups > 1) { DepthwiseWeight(geometry, x, dy, dw); }
        else if (Vector512.IsHardwareAccelerated) { WeightGradient<T, Vector512<T>, Lanes512<T>>.Run(geometry, x, dy, dw); }
        else if (Vector256.IsHardwareAccelerated) { WeightGradient<T, Vector256<T>, Lanes256<T>>.Run(geometry, x, dy, dw); }
        else if (Vector128.IsHardwareAccelerated) { WeightGradient<T, Vector128<T>, Lanes128<T>>.Run(geometry, x, dy, dw); }
        else { WeightGradient<T, T, Lanes1<T>>.Run(geometry, x, dy, dw); }
    }

    private static void DepthwiseWeight<T>(ConvGeometry geometry, T* x, T* dy, T* dw)
        where T : unmanaged, INumberBase<T>
    {
        int width = geometry.Width.Output;
        if (Vector512.IsHardwareAccelerated && width >= Vector512<T>.Count) { DepthwiseGradient<T, Vector512<T>, Lanes512<T>>.Run(geometry, x, dy, dw); }
        else if (Vector256.IsHardwareAccelerated && width >= Vector256<T>.Count) { DepthwiseGradient<T, Vector256<T>, Lanes256<T>>.Run(geometry, x, dy, dw); }
        else if (Vector128.IsHardwareAccelerated && width >= Vector128<T>.Count) { DepthwiseGradient<T, Vector128<T>, Lanes128<T>>.Run(geometry, x, dy, dw); }
        else { DepthwiseGradient<T, T, Lanes1<T>>.Run(geometry, x, dy, dw); }
    }
}
