namespace Cajal.Benchmarks;

/// <summary>Convolutions of x [N, C, H, W] with filters [O, C/groups, K, K], forward, and forward with all three gradients.</summary>
internal static class ConvolutionWorkloads
{
    internal static void Run(IWatch watch)
    {
        Convolution(watch, "conv/lenet5x5", 64, 1, 28, 6, 5, 1, 2, 1);
        Convolution(watch, "conv/mnist3x3", 64, 32, 28, 64, 3, 1, 1, 1);
        Convolution(watch, "conv/alexnet11x11s4", 8, 3, 224, 64, 11, 4, 2, 1);
        Convolution(watch, "conv/resnet3x3", 8, 64, 56, 64, 3, 1, 1, 1);
        Convolution(watch, "conv/resnet3x3s2", 8, 128, 28, 256, 3, 2, 1, 1);
        Convolution(watch, "conv/pointwise1x1", 8, 256, 14, 1024, 1, 1, 0, 1);
        Convolution(watch, "conv/depthwise3x3", 8, 144, 28, 144, 3, 1, 1, 144);
    }

    private static void Convolution(IWatch watch, string name, int n, int c, int side, int o, int k, int stride, int padding, int groups)
    {
        int after = (side + 2 * padding - k) / stride + 1;
        double bytes = 4.0 * ((double)n * c * side * side + (double)n * o * after * after + (double)o * (c / groups) * k * k);
        double flops = 2.0 * n * o * after * after * (c / groups) * k * k;
        var (x, filters, bias) = (new[] { n, c, side, side }, new[] { o, c / groups, k, k }, new[] { o });
        watch.Time($"{name}/fwd", flops, bytes, () => (X: KernelWorkloads.Uniform(x), W: KernelWorkloads.Uniform(filters), B: Tensor.Zeros(bias)), s =>
        {
            using var scope = new NoGrad();
            s.X.Conv2d(s.W, s.B, stride, padding, groups: groups);
        });
        watch.Time($"{name}/fwdbwd", 3 * flops, 3 * bytes, () => (X: KernelWorkloads.Uniform(x).WithGrad(), W: KernelWorkloads.Uniform(filters).WithGrad(), B: Tensor.Zeros(bias).WithGrad(),
            G: KernelWorkloads.Uniform(n, o, after, after)), s =>
        {
            s.X.Conv2d(s.W, s.B, stride, padding, groups: groups).Backward(s.G);
            s.X.Grad = s.W.Grad = s.B.Grad = null;
        });
    }
}
