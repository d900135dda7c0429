using Cajal.Tests.Threading;

namespace Cajal.Tests.Training;

/// <summary>Same seed, same bits: whatever the number of threads, in the kernels or in the loader.</summary>
[Collection(nameof(Compute.Threads))]
public sealed class ThreadTests
{
    [Fact]
    public void AWholeTrainingHasTheSameBitsOnAnyNumberOfThreads()
    {
        int before = Compute.Threads;
        try
        {
            var (one, history) = Run(threads: 1, workers: 0, seed: 7);
            foreach (var (threads, workers) in new[] { (2, 1), (4, 3), (3, 0) })
            {
                var (many, others) = Run(threads, workers, seed: 7);
                Assert.Equal(history, others);
                Assert.Equal(one, many);
            }
            Assert.NotEqual(one, Run(threads: 1, workers: 0, seed: 8).Weights);
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    private static (uint[] Weights, (string, long)[] History) Run(int threads, int workers, int seed)
    {
        Compute.Threads = threads;
        Sequential net;
        // Large enough that the kernels do share their work between threads.
        using (new Generator(5).Use())
            net = new(new Conv2d(1, 16, kernel: 3, padding: 1), new BatchNorm2d(16), new ReLU(), new Dropout(0.2), new Conv2d(16, 16, kernel: 3), new Flatten(), new Linear(576, 64), new Tanh(), new Linear(64, 10));
        var (train, validation) = Workshop.Digits(200);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, 1e-2)) { Metrics = [new Accuracy()], ClipGradientNorm = 1 };
        var history = trainer.Fit(train, epochs: 2, batchSize: 50, validation, seed, Workshop.Augment, workers: workers);
        return (Workshop.Bits(net), Workshop.Bits(history));
    }
}
