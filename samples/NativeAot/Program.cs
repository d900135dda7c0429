// Trains, saves, reloads and checks itself as a native program: 0 if all is well, else a sentence and 1.
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cajal;

if (RuntimeInformation.ProcessArchitecture == Architecture.X64 && !Vector256.IsHardwareAccelerated) return Fail("256-bit vectors are off: IlcInstructionSet did not arrive");

Generator.SetSeed(1);
var (train, test) = Datasets.Digits().Split(0.8, seed: 1);
var net = new Sequential(new Flatten(), new Wide(64), new ReLU(), new Linear(32, 10));
var trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net, learningRate: 5e-3));
trainer.Fit(train, epochs: 10, seed: 1);
double accuracy = trainer.Evaluate(test).Accuracy!.Value;
if (accuracy < 0.95) return Fail($"accuracy {accuracy:P1} on held-out digits");

string path = Path.Combine(Path.GetTempPath(), $"cajal-aot-{Environment.ProcessId}.safetensors");
try
{
    net.Save(path);
    var again = Module.Load(path);
    var batch = test.ToBatch();
    net.Eval();
    again.Eval();
    if (!net.Forward(batch.Inputs).AllClose(again.Forward(batch.Inputs), 0, 0)) return Fail("a reloaded network computes something else");
    PyTorch.Save(path + ".pt", net.StateDict());
    foreach (var parameter in again.Parameters()) parameter.Fill(0);
    again.LoadWeights(path + ".pt");
    if (!net.Forward(batch.Inputs).AllClose(again.Forward(batch.Inputs), 0, 0)) return Fail("weights do not come back from PyTorch's format");
}
finally
{
    File.Delete(path);
    File.Delete(path + ".pt");
}
Console.WriteLine($"native: {accuracy:P1} on held-out digits, vectors of {Vector256.IsHardwareAccelerated switch { true => "256 bits or more", false => "128 bits" }}");
return 0;

static int Fail(string problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}

/// <summary>x [N, inputs] → [N, 32]; a module of the user's own, completed by the generator.</summary>
internal sealed partial class Wide(int inputs) : Module
{
    private readonly Linear layer = new(inputs, 32);

    public override Tensor Forward(Tensor x) => layer.Forward(x);
}
