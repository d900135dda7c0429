namespace Cajal.Benchmarks;

/// <summary>Whole training steps: forget gradients, forward, loss, backward, step.</summary>
internal static class TrainingWorkloads
{
    internal static void Run(Stopclock watch)
    {
        Step(watch, "train/playground-2-4-2-1-b10", () => new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 2), new Tanh(), new Linear(2, 1)),
            () => Uniform(10, 2), () => Uniform(10, 1), new MseLoss(), net => new Sgd(net, 0.03));
        Step(watch, "train/mlp-784-256-128-10-b64", Networks.Mlp, () => Uniform(64, 784), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net));
        Step(watch, "train/lenet5-b64", Networks.LeNet5, () => Uniform(64, 1, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Sgd(net, 0.1));
        Step(watch, "train/cnn-32-64-fc128-b64", () => Networks.Cnn(dropout: true), () => Uniform(64, 1, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net));
        Step(watch, "train/resblock-64-b16", () => new ResidualBlock(), () => Uniform(16, 3, 32, 32), () => Classes(16), new CrossEntropyLoss(), net => new Sgd(net, 0.1, momentum: 0.9));
        Step(watch, "train/lstm-28x28-h128-b64", () => new RowLstm(), () => Uniform(64, 28, 28), () => Classes(64), new CrossEntropyLoss(), net => new Adam(net));
        Step(watch, "train/chargpt-4x128-ctx64-b16", () => new CharGpt(65, 64, 128, 4, 4), () => Symbols(16, 64), () => Symbols(16 * 64), new CrossEntropyLoss(), net => new AdamW(net));
    }

    private static Tensor Uniform(params int[] shape) => KernelWorkloads.Uniform(shape);

    private static Tensor Classes(int count) => Tensor.Integers([count], 0, 10);

    private static Tensor Symbols(params int[] shape) => Tensor.Integers(shape, 0, 65);

    private static void Step(Stopclock watch, string name, Func<Module> make, Func<Tensor> inputs, Func<Tensor> targets, Loss loss, Func<Module, Optimizer> optimise)
    {
        if (!watch.Wants(name)) return;
        var net = make();
        net.Train();
        var optimizer = optimise(net);
        Tensor x = inputs(), y = targets();
        // Forward, and the gradients of inputs and weights: three products for each product, but for the first layer.
        watch.Time(name, 6.0 * net.Summarise(x.Shape, x.DType).Macs, 0, () => 0, _ =>
        {
            optimizer.ZeroGrad();
            loss.Forward(net.Forward(x), y).Backward();
            optimizer.Step();
        });
    }
}
