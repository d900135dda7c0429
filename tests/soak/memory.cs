#:project ../../src/Cajal/Cajal.csproj
// Ten thousand training steps of several kinds: after the warm-up the working set may vary by less than a tenth.
// Prints a line per kind and fails if one of them grows.
using System.Globalization;
using Cajal;

const int Steps = 10_000, WarmUp = 1_000, Every = 50;
const double Allowed = 0.10;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Generator.SetSeed(1);
bool flat = true;

var images = new TensorDataset(Tensor.Normal([6400, 784]), Tensor.From([.. Enumerable.Range(0, 6400).Select(i => (long)(i % 10))], 6400));
Measure("plain loop, MLP 784-256-128-10, batch 64", step =>
{
    var net = Mlp();
    var loss = new CrossEntropyLoss();
    var optimizer = new Adam(net);
    var loader = new DataLoader(images, 64, shuffle: true);
    for (int done = 0; done < Steps;)
    {
        foreach (var batch in loader)
        {
            optimizer.ZeroGrad();
            loss.Forward(net.Forward(batch.Inputs), batch.Targets).Backward();
            optimizer.Step();
            step();
            if (++done == Steps) break;
        }
    }
});
Measure("Fit, MLP, metrics, validation and accumulation", step =>
{
    var net = Mlp();
    var trainer = new Trainer(net, new CrossEntropyLoss(), new Sgd(net, 0.01, momentum: 0.9)) { Metrics = [new Accuracy()], Callbacks = [new BestWeights(), new Each(step)], ClipGradientNorm = 1 };
    trainer.Fit(images, epochs: Steps / 100, batchSize: 64, validation: images.Take(640), accumulate: 2);
});
var digits = Datasets.Digits().Take(1600);
Measure("Fit, convolutions, dropout and augmentation, a smaller last batch", step =>
{
    var net = new Sequential(new Conv2d(1, 16, kernel: 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Dropout(0.2), new Linear(144, 10));
    var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net)) { Callbacks = [new Each(step)] };
    trainer.Fit(digits, epochs: Steps / 100 + 1, batchSize: 15, augment: new Compose(new RandomShift(0.1), new GaussianNoise(0.05)));
});
return flat ? 0 : 1;

Sequential Mlp() => new(new Linear(784, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, 10));

void Measure(string name, Action<Action> train)
{
    int done = 0;
    long first = 0, least = long.MaxValue, most = 0, last = 0;
    train(() =>
    {
        if (++done < WarmUp || done % Every != 0) return;
        last = Environment.WorkingSet;
        if (first == 0) first = last;
        (least, most) = (Math.Min(least, last), Math.Max(most, last));
    });
    double spread = (double)(most - least) / least;
    flat &= spread < Allowed && done >= Steps;
    Console.WriteLine($"{(spread < Allowed ? "flat" : "GROWS")}  {name}: {done} steps, working set {first >> 20} MiB behind the warm-up, {last >> 20} MiB at the end, {least >> 20} to {most >> 20} MiB between, spread {spread:P1}");
}

/// <summary>Runs something after every batch.</summary>
internal sealed class Each(Action action) : Callback
{
    public override void AfterBatch(TrainingContext context) => action();
}
