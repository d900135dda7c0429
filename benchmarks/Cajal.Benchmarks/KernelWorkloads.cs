namespace Cajal.Benchmarks;

/// <summary>Dense products, elementwise functions, reductions and normalisation, without gradients.</summary>
internal static class KernelWorkloads
{
    private static readonly (string Label, int Count)[] Sizes = [("64k", 1 << 16), ("4M", 1 << 22)];

    internal static void Run(IWatch watch)
    {
        using var scope = new NoGrad();
        Products(watch);
        Unary(watch, "relu", static x => x.Relu());
        Unary(watch, "sigmoid", static x => x.Sigmoid());
        Unary(watch, "tanh", static x => x.Tanh());
        Unary(watch, "exp", static x => x.Exp());
        Unary(watch, "gelu", static x => x.Gelu());
        foreach (var (label, n) in Sizes)
        {
            watch.Time($"add/{label}", n, 12.0 * n, () => (A: Uniform(n), B: Uniform(n)), static s => _ = s.A + s.B);
            watch.Time($"sum/{label}", n, 4.0 * n, () => Uniform(n), static x => x.Sum());
        }
        watch.Time("softmax/512x1000", 0, 8.0 * 512 * 1000, () => Uniform(512, 1000), static x => x.Softmax(1));
        watch.Time("layernorm/4096x512", 0, 8.0 * 4096 * 512, () => Uniform(4096, 512), static x => x.LayerNorm([512]));
    }

    internal static void Products(IWatch watch)
    {
        foreach (int n in new[] { 64, 128, 256, 512, 1024, 2048 }) Product(watch, $"gemm/{n}", n, n, n);
        Product(watch, "gemm/64x784x256", 64, 784, 256);
    }

    internal static Tensor Uniform(params int[] shape) => Tensor.Uniform(Shape.Create(shape));

    private static void Product(IWatch watch, string name, int m, int k, int n) =>
        watch.Time(name, 2.0 * m * k * n, 4.0 * (m * k + k * n + m * n), () => (A: Uniform(m, k), B: Uniform(k, n)), static s => s.A.MatMul(s.B));

    private static void Unary(IWatch watch, string name, Func<Tensor, Tensor> function)
    {
        foreach (var (label, n) in Sizes) watch.Time($"{name}/{label}", 0, 8.0 * n, () => (Uniform(n) * 4 - 2).Detach(), x => function(x));
    }
}
