#:project ../../src/Cajal.Models/Cajal.Models.csproj
// Chooses the defaults of "cajal train fashion-mnist --model cnn" on 6,000 images set aside from the 60,000 of the training part, each class with its share.
// The test part is not read. Prints one line per candidate; about five minutes each on two cores.
//   CAJAL_DATA=DIR dotnet run docs/selection/choose-fashion.cs -- [seeds]
using System.Globalization;
using Cajal;
using Cajal.Models;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int seeds = args.Length > 0 ? int.Parse(args[0]) : 1;
const int FirstSeed = 11;
Transform flip = new RandomHorizontalFlip(), flipAndShift = new Compose(flip, new RandomShift(0.07)), flipAndShiftLess = new Compose(flip, new RandomShift(0.036));
var train = Datasets.FashionMnist(DatasetPart.Train);
(string Name, Transform Augment, int Epochs, double Rate)[] candidates =
[
    ("flip, shift 0.07", flipAndShift, 15, 1e-3), // what it was before
    ("flip, shift 0.07", flipAndShift, 25, 1e-3),
    ("flip, shift 0.036", flipAndShiftLess, 20, 1e-3),
    ("flip", flip, 15, 1e-3),
    ("flip", flip, 20, 1e-3),
    ("flip", flip, 20, 2e-3),
    ("flip", flip, 30, 1e-3),
];
foreach (var (name, augment, epochs, rate) in candidates)
{
    var scores = new double[seeds];
    for (int s = 0; s < seeds; s++)
    {
        int seed = FirstSeed + s;
        var (part, rest) = train.Split(0.9, seed);
        Generator.SetSeed((ulong)seed);
        var net = Architectures.Cnn(1, 28, 10);
        var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, rate)) { Schedule = share => 0.5 * (1 + Math.Cos(Math.PI * share)) };
        trainer.Fit(part, epochs, 64, seed: seed, augment: augment);
        scores[s] = trainer.Evaluate(rest).Accuracy!.Value;
    }
    Console.WriteLine($"{scores.Average():P2} ({string.Join(", ", scores.Select(score => score.ToString("P2")))})  {name}, {epochs} epochs, learning rate {rate}");
}
