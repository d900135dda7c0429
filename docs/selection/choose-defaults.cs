#:project ../../src/Cajal.Models/Cajal.Models.csproj
// Chooses the defaults of "cajal train iris" and "cajal train diabetes" by five-fold cross-validation inside the training part of the splits
// with seeds 11 to 30. The test parts are not read. Prints one line per candidate, the best first.
//   dotnet run docs/selection/choose-defaults.cs -- iris|diabetes [seeds]
using System.Globalization;
using Cajal;
using Cajal.Models;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Compute.Threads = 1;
string name = args.Length > 0 ? args[0] : "iris";
int seeds = args.Length > 1 ? int.Parse(args[1]) : 20;
const int FirstSeed = 11, Folds = 5;
var all = name == "diabetes" ? Datasets.Diabetes() : Datasets.Iris();
Candidate[] candidates = name == "diabetes"
    ? [
        // The loss is in squared units of the target, whose variance is near 6,000: hence the large penalties.
        .. from ridge in new double[] { 0, 30, 100, 300, 1000 } from epochs in new[] { 50, 200 } select new Candidate([], false, ridge, epochs, 1e-2),
        .. from tanh in new[] { false, true } from width in new[] { 8, 32 } from ridge in new double[] { 0, 30, 100, 300 } from epochs in new[] { 50, 100 } select new Candidate([width], tanh, ridge, epochs, 3e-3),
    ]
    : [
        new([32, 16], false, 0, 100, 1e-2), // what it was before
        .. from ridge in new[] { 0, 1e-4, 1e-3, 1e-2 } from epochs in new[] { 100, 300 } select new Candidate([], false, ridge, epochs, 1e-1),
        .. from tanh in new[] { false, true } from ridge in new[] { 0, 1e-3, 3e-3, 1e-2 } from epochs in new[] { 50, 100 } select new Candidate([16], tanh, ridge, epochs, 1e-2),
        .. from ridge in new[] { 1e-3, 3e-3, 1e-2, 3e-2 } select new Candidate([32, 16], true, ridge, 100, 1e-2),
        .. from ridge in new[] { 1e-3, 3e-3 } select new Candidate([16], false, ridge, 200, 1e-2),
    ];

var scores = new List<(Candidate Candidate, double Mean, double Deviation)>();
foreach (var candidate in candidates)
{
    var values = new double[seeds];
    for (int s = 0; s < seeds; s++) values[s] = CrossValidated(candidate, all.Split(0.8, FirstSeed + s).Train, FirstSeed + s);
    double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    scores.Add((candidate, mean, deviation));
    Console.Error.WriteLine($"{mean:F4} ± {deviation:F4}  {candidate}");
}
foreach (var (candidate, mean, deviation) in scores.OrderByDescending(entry => entry.Mean)) Console.WriteLine($"{mean:F4} ± {deviation:F4}  {candidate}");
return 0;

// Accuracy, or R2, over all samples of the training part, each predicted by the network that was not shown it.
static double CrossValidated(Candidate candidate, Dataset train, int seed)
{
    double right = 0, residual = 0, total = 0, samples = 0;
    double mean = train.Task == LearningTask.Regression ? train.ToBatch().Targets.Mean().Item() : 0;
    foreach (var (part, rest) in train.KFold(Folds, seed))
    {
        var result = candidate.Fit(part, seed).Evaluate(rest);
        samples += rest.Count;
        right += (result.Accuracy ?? 0) * rest.Count;
        if (result.Rmse is not { } rmse) continue;
        residual += rmse * rmse * rest.Count;
        total += (rest.ToBatch().Targets - mean).Square().Sum().Item();
    }
    return train.Task == LearningTask.Regression ? 1 - residual / total : right / samples;
}

// One set of defaults: widths of the hidden layers, their activation, the ridge penalty, epochs, learning rate.
internal sealed record Candidate(int[] Hidden, bool Tanh, double Ridge, int Epochs, double Rate)
{
    public Trainer Fit(Dataset part, int seed)
    {
        Generator.SetSeed((ulong)seed);
        var data = part.ToBatch();
        int inputs = part.InputShape[0], outputs = part.Classes?.Count ?? 1;
        var layers = new List<Module> { new Rescale(inputs).Standardising(data.Inputs) };
        int width = inputs;
        foreach (int next in Hidden)
        {
            layers.AddRange([new Linear(width, next), Tanh ? new Tanh() : new ReLU()]);
            width = next;
        }
        layers.Add(new Linear(width, outputs));
        if (part.Task == LearningTask.Regression) layers.Add(new Rescale(1).InUnitsOf(data.Targets));
        var net = new Sequential([.. layers]);
        Loss loss = part.Task == LearningTask.Classification ? new CrossEntropyLoss() : new MseLoss();
        var trainer = new Trainer(net, loss, new Adam(net, Rate))
        {
            Schedule = share => 0.5 * (1 + Math.Cos(Math.PI * share)),
            Regularizer = Ridge > 0 ? Penalty.Ridge(Ridge) : null,
        };
        trainer.Fit(part, Epochs, part.Task == LearningTask.Regression ? 32 : 16, seed: seed);
        return trainer;
    }

    public override string ToString() =>
        $"hidden [{string.Join(", ", Hidden)}]{(Hidden.Length == 0 ? "" : Tanh ? " tanh" : " relu")}, ridge {Ridge}, {Epochs} epochs, learning rate {Rate}";
}
