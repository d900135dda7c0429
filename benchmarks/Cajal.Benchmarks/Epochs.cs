using System.Diagnostics;

namespace Cajal.Benchmarks;

/// <summary>
/// Epochs over the 60,000 training images of MNIST with batches of 64, shuffled, and Adam: the MLP 784-256-128-10 and the CNN of the yardstick, by <see cref="Trainer"/> and by a loop written by
/// hand. One JSON line for every epoch: its seconds, the first with what the runtime compiles meanwhile, and the accuracy on the test images behind it.
/// </summary>
internal static class Epochs
{
    private const int BatchSize = 64, TestBatch = 500;

    internal static void Run(int threads, int epochs, string only, string? folder)
    {
        Dataset train = Datasets.Mnist(DatasetPart.Train, folder), test = Datasets.Mnist(DatasetPart.Test, folder);
        foreach (var (name, make) in new (string, Func<Module>)[]
        {
            ("epoch/mlp-784-256-128-10-b64", () => new Sequential(new Flatten(), Networks.Mlp())),
            ("epoch/cnn-32-64-fc128-b64", () => Networks.Cnn(dropout: true)),
        })
        {
            if (!name.StartsWith(only, StringComparison.Ordinal)) continue;
            Fit(make(), train, test, epochs, (epoch, seconds, accuracy) => Print("cajal-trainer", epoch, seconds, accuracy));
            Loop(make(), train, test, epochs, (epoch, seconds, accuracy) => Print("cajal-loop", epoch, seconds, accuracy));

            void Print(string engine, int epoch, double seconds, double accuracy) => JsonLine.Print(
                ("name", name), ("benchmark", "epoch"), ("engine", engine), ("threads", threads), ("epoch", epoch), ("seconds", seconds), ("test_accuracy", accuracy));
        }
    }

    private static void Fit(Module net, Dataset train, Dataset test, int epochs, Action<int, double, double> done)
    {
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net));
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            trainer.Fit(train, epoch, BatchSize, seed: 1);
            done(epoch, clock.Elapsed.TotalSeconds, Accuracy(net, test));
        }
    }

    private static void Loop(Module net, Dataset train, Dataset test, int epochs, Action<int, double, double> done)
    {
        var loss = new CrossEntropyLoss();
        var optimizer = new Adam(net);
        var loader = new DataLoader(train, BatchSize, shuffle: true, seed: 1);
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            net.Train();
            var clock = Stopwatch.StartNew();
            foreach (var batch in loader)
            {
                optimizer.ZeroGrad();
                loss.Forward(net.Forward(batch.Inputs), batch.Targets).Backward();
                optimizer.Step();
            }
            done(epoch, clock.Elapsed.TotalSeconds, Accuracy(net, test));
        }
    }

    private static double Accuracy(Module net, Dataset test)
    {
        using var scope = new NoGrad();
        net.Eval();
        var accuracy = new Accuracy();
        foreach (var batch in new DataLoader(test, TestBatch)) accuracy.Update(net.Forward(batch.Inputs), batch.Targets);
        return accuracy.Value;
    }
}
