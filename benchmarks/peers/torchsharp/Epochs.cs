using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Cajal.Peers;

/// <summary>Epochs of MNIST in batches of 64 with Adam; the images stay one tensor, of which shuffled rows are taken.</summary>
internal static class Epochs
{
    private const int BatchSize = 64, TestBatch = 500;

    internal static void Run(int threads, int epochs, string only, string folder)
    {
        var (x, y) = Mnist.Load(folder, "train");
        var (testX, testY) = Mnist.Load(folder, "t10k");
        foreach (var (name, make, shape) in new (string, Func<nn.Module<Tensor, Tensor>>, long[])[]
        {
            ("epoch/mlp-784-256-128-10-b64", Networks.Mlp, [-1, 784]),
            ("epoch/cnn-32-64-fc128-b64", Networks.Cnn, [-1, 1, 28, 28]),
        })
        {
            if (!name.StartsWith(only, StringComparison.Ordinal)) continue;
            Train(name, make(), x.view(shape), y, testX.view(shape), testY, threads, epochs);
        }
    }

    private static void Train(string name, nn.Module<Tensor, Tensor> net, Tensor x, Tensor y, Tensor testX, Tensor testY, int threads, int epochs)
    {
        var loss = nn.CrossEntropyLoss();
        var optimizer = optim.Adam(net.parameters());
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            net.train();
            var clock = Stopwatch.StartNew();
            using (var order = randperm(x.shape[0]))
            {
                for (long from = 0; from < x.shape[0]; from += BatchSize)
                {
                    using var scope = NewDisposeScope();
                    var rows = order.slice(0, from, Math.Min(from + BatchSize, x.shape[0]), 1);
                    optimizer.zero_grad();
                    loss.call(net.call(x.index_select(0, rows)), y.index_select(0, rows)).backward();
                    optimizer.step();
                }
            }
            double seconds = clock.Elapsed.TotalSeconds;
            Console.WriteLine($"{{\"name\":\"{name}\",\"benchmark\":\"epoch\",\"engine\":\"torchsharp-libtorch\",\"threads\":{threads},\"epoch\":{epoch},\"seconds\":{seconds:F4},\"test_accuracy\":{Accuracy(net, testX, testY)}}}");
        }
    }

    private static double Accuracy(nn.Module<Tensor, Tensor> net, Tensor x, Tensor y)
    {
        net.eval();
        using var plain = no_grad();
        long right = 0;
        for (long from = 0; from < x.shape[0]; from += TestBatch)
        {
            using var scope = NewDisposeScope();
            right += net.call(x.slice(0, from, from + TestBatch, 1)).argmax(1).eq(y.slice(0, from, from + TestBatch, 1)).sum().item<long>();
        }
        return (double)right / x.shape[0];
    }
}
