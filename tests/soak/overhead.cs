#:project ../../src/Cajal/Cajal.csproj
// What Fit costs beside a loop written by hand. Short runs take turns, and the median of the differences within the pairs counts, so that other work on the machine matters little.
// Fails if Fit costs more than 2 microseconds per step on a tiny network, or more than 3 % on a usual one.
using System.Diagnostics;
using System.Globalization;
using Cajal;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Generator.SetSeed(1);
var (hand, more) = Compare(
    () => new(new Linear(2, 4), new Tanh(), new Linear(4, 2), new Tanh(), new Linear(2, 1)), new MseLoss(), new TensorDataset(Tensor.Normal([4000, 2]), Tensor.Normal([4000, 1])), batchSize: 4, epochs: 5);
Console.WriteLine($"2-4-2-1, batch 4: {hand:F2} us per step by hand, {more:F2} us more in Fit");
bool good = more < 2;
(hand, more) = Compare(
    () => new(new Linear(784, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, 10)), new CrossEntropyLoss(),
    new TensorDataset(Tensor.Normal([6400, 784]), Tensor.From([.. Enumerable.Range(0, 6400).Select(i => (long)(i % 10))], 6400)), batchSize: 64, epochs: 1);
Console.WriteLine($"784-256-128-10, batch 64: {hand:F1} us per step by hand, {more:F1} us ({more / hand:P1}) more in Fit");
return good && more / hand < 0.03 ? 0 : 1;

(double Hand, double More) Compare(Func<Sequential> make, Loss loss, Dataset data, int batchSize, int epochs)
{
    const int WarmUp = 10, Runs = 60;
    List<double> hand = [], more = [];
    int steps = epochs * ((data.Count + batchSize - 1) / batchSize);
    for (int run = 0; run < WarmUp + Runs; run++)
    {
        var net = make();
        double plain = Time(() =>
        {
            var optimizer = new Sgd(net, 0.01);
            var loader = new DataLoader(data, batchSize, shuffle: true);
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                foreach (var batch in loader)
                {
                    optimizer.ZeroGrad();
                    loss.Forward(net.Forward(batch.Inputs), batch.Targets).Backward();
                    optimizer.Step();
                }
            }
        }) / steps;
        net = make();
        double fit = Time(() => new Trainer(net, loss, new Sgd(net, 0.01)).Fit(data, epochs, batchSize)) / steps;
        if (run < WarmUp) continue;
        hand.Add(plain);
        more.Add(fit - plain);
    }
    hand.Sort();
    more.Sort();
    return (hand[Runs / 2], more[Runs / 2]);
}

double Time(Action action)
{
    GC.Collect();
    long began = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
}
