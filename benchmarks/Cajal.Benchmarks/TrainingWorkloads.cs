namespace Cajal.Benchmarks;

/// <summary>Whole training steps: forget gradients, forward, loss, backward, step.</summary>
internal static class TrainingWorkloads
{
    internal static readonly IReadOnlyList<TrainingWorkload> All =
    [
        Workload("train/playground-2-4-2-1-b10", () => new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 2), new Tanh(), new Linear(2, 1)),
            () => Uniform(10, 2), () => Uniform(10, 1), new MseLoss(), net => new Sgd(net, 0.03)),
        Workload("train/mlp-784-256-128-10-b64", () => Networks.Mlp(), () => Uniform(64, 784), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net)),
        Workload("train/lenet5-b64", Networks.LeNet5, () => Uniform(64, 1, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Sgd(net, 0.1)),
        Workload("train/cnn-32-64-fc128-b64", () => Networks.Cnn(dropout: true), () => Uniform(64, 1, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net)),
        Workload("train/resblock-64-b16", () => new ResidualBlock(), () => Uniform(16, 3, 32, 32), () => Classes(16), new CrossEntropyLoss(), net => new Sgd(net, 0.1, momentum: 0.9)),
        Workload("train/lstm-28x28-h128-b64", () => new RowLstm(), () => Uniform(64, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net)),
        Workload("train/chargpt-4x128-ctx64-b16", () => new CharGpt(65, 64, 128, 4, 4), () => Symbols(16, 64), () => Symbols(16 * 64), new CrossEntropyLoss(), net => new AdamW(net)),
    ];

    internal static void Run(IWatch watch)
    {
        foreach (var workload in All) Time(watch, workload);
    }

    internal static void Time(IWatch watch, TrainingWorkload workload)
    {
        if (!watch.Wants(workload.Name)) return;
        var step = workload.Make();
        watch.Time(workload.Name, step.Flops, 0, () => step, static step => step.Run());
    }

    /// <summary>A step of Adam on the network that the sweeps vary: x [batch, 784] → logits [batch, 10] through two hidden layers.</summary>
    internal static TrainingWorkload Mlp(string name, int batch, int first, int second) =>
        Workload(name, () => Networks.Mlp(first, second), () => Uniform(batch, 784), () => Classes(batch), new CrossEntropyLoss(), net => new Adam(net));

    private static TrainingWorkload Workload(string name, Func<Module> make, Func<Tensor> inputs, Func<Tensor> targets, Loss loss, Func<Module, Optimizer> optimise) => new(name, () =>
    {
        var net = make();
        net.Train();
        return new(net, loss, optimise(net), inputs(), targets());
    });

    private static Tensor Uniform(params int[] shape) => KernelWorkloads.Uniform(shape);

    private static Tensor Classes(int count) => Tensor.Integers([count], 0, 10);

    private static Tensor Symbols(params int[] shape) => Tensor.Integers(shape, 0, 65);
}
