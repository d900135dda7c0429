// Exports, imports, trains on and quantises a network through ONNX as a native program: 0 if all is well, else a sentence and 1.
using Cajal;

Generator.SetSeed(1);
var (train, test) = Datasets.Digits().Split(0.8, seed: 1);
var net = new Sequential(new Flatten(), new Linear(64, 32), new ReLU(), new Linear(32, 10));
new Trainer(net, new CrossEntropyLoss(), new Adam(net, learningRate: 5e-3)).Fit(train, epochs: 10, seed: 1);
net.Eval();
var batch = test.ToBatch();

string path = Path.Combine(Path.GetTempPath(), $"cajal-aot-{Environment.ProcessId}.onnx");
try
{
    OnnxExporter.Save(net, batch.Inputs, path);
    var imported = OnnxModel.Load(path);
    if (!imported.Forward(batch.Inputs).AllClose(net.Forward(batch.Inputs), 1e-5, 1e-5)) return Fail("a network that went through ONNX computes something else");
    var tuning = new Trainer(imported, new CrossEntropyLoss(), new Adam(imported, learningRate: 1e-3));
    tuning.Fit(train, epochs: 2, seed: 2);
    if (tuning.Evaluate(test).Accuracy < 0.95) return Fail($"accuracy {tuning.Evaluate(test).Accuracy:P1} after going on with an imported network");
    OnnxExporter.Save(imported, batch.Inputs, path);
    var frozen = OnnxModel.Load(path, new() { Trainable = false });
    if (!frozen.Run(batch.Inputs)["output"].AsTensor().Data.AllClose(imported.Forward(batch.Inputs).Detach(), 1e-5, 1e-5)) return Fail("an imported network does not come back from ONNX");
    var small = OnnxQuantiser.Quantise(imported, [train.Take(200).ToBatch().Inputs]);
    double agreed = small.Forward(batch.Inputs).ArgMax(1).ToArray<long>().Zip(frozen.Forward(batch.Inputs).ArgMax(1).ToArray<long>()).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);
    if (agreed < 0.97) return Fail($"of 8 bits only {agreed:P1} of the answers are the same");
    Console.WriteLine($"native: went through ONNX, {tuning.Evaluate(test).Accuracy:P1} on held-out digits, {agreed:P1} of the answers the same in 8 bits");
    return 0;
}
finally
{
    File.Delete(path);
}

static int Fail(string problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}
