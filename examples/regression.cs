#:project ../src/Cajal/Cajal.csproj
// How far will diabetes progress in a year? Ten measurements of 442 patients (Efron et al. 2004), a small network against a straight line.
// Run: dotnet run examples/regression.cs. On the held-out fifth both must reach R2 of 0.35; the best known models reach about 0.5.
using Cajal;

Generator.SetSeed(1);
var (train, test) = Datasets.Diabetes().Split(0.8, seed: 1);
var scale = Standardise.Fit(train);
(train, test) = (scale.Apply(train), scale.Apply(test));
var targets = train.ToBatch().Targets;

double line = Fit("line", new Linear(10, 1));
double network = Fit("network", new Sequential(new Linear(10, 16), new Tanh(), new Linear(16, 1)));
return line > 0.35 && network > 0.35 ? 0 : 1;

double Fit(string name, Module inner)
{
    // The last layer turns standard units into those of the target.
    var net = new Sequential(inner, new Rescale(1).InUnitsOf(targets.Reshape(-1, 1)));
    var trainer = new Trainer(net, new MseLoss(), new AdamW(net, learningRate: 5e-3, weightDecay: 0.1));
    trainer.Fit(train, epochs: 40, batchSize: 32, seed: 1);
    var result = trainer.Evaluate(test);
    Console.WriteLine($"{name,-8} R2 {result.R2:F3}");
    return result.R2!.Value;
}
