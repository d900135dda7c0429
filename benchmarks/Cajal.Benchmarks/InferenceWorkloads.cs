namespace Cajal.Benchmarks;

/// <summary>The latency of one sample.</summary>
internal static class InferenceWorkloads
{
    internal static void Run(IWatch watch)
    {
        Latency(watch, "infer/mlp-784-256-128-10-b1", () => Networks.Mlp(), () => KernelWorkloads.Uniform(1, 784));
        Latency(watch, "infer/cnn-32-64-fc128-b1", () => Networks.Cnn(dropout: false), () => KernelWorkloads.Uniform(1, 1, 28, 28));
    }

    private static void Latency(IWatch watch, string name, Func<Module> make, Func<Tensor> inputs)
    {
        if (!watch.Wants(name)) return;
        using var scope = new NoGrad();
        var net = make();
        net.Eval();
        var x = inputs();
        watch.Time(name, 2.0 * net.Summarise(x.Shape, x.DType).Macs, 0, () => 0, _ => net.Forward(x));
    }
}
