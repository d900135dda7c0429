#:project ../../src/Cajal/Cajal.csproj
// The Cajal side of the round trip with PyTorch (see round_trip.py): reads what it saved in each of its formats, trains on, and writes what it reads back.
using Cajal;

string folder = args[0];
string At(string name) => Path.Combine(folder, name);
var data = NumpyFile.ReadArchive(At("data.npz"));
Sequential Network() => new(new Conv2d(1, 6, 3, padding: 1), new BatchNorm2d(6), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(96, 16), new Tanh(), new Linear(16, 4));

foreach (string file in (string[])["checkpoint.pt", "old.pth", "module.pt"])
{
    var read = Network();
    var report = read.LoadWeights(At(file));
    if (!report.IsComplete) return Fail($"{file}: {report}");
    if (!Same($"outputs of {file}", Outputs(read), data["begin"])) return 1;
}

var net = Network();
net.LoadWeights(At("checkpoint.pt"));
var optimizer = new Sgd(net, 0.05);
var loss = new CrossEntropyLoss();
net.Train();
for (int step = 0; step < 15; step++)
{
    optimizer.ZeroGrad();
    loss.Forward(net.Forward(data["x"]), data["y"]).Backward();
    optimizer.Step();
}
if (!Same("outputs after training on", Outputs(net), NumpyFile.Read(At("middle.npy")))) return 1;
PyTorch.Save(At("cajal.pt"), net.StateDict());

var half = Network();
half.LoadWeights(At("half.pt"));
if (!Same("outputs in half precision", Outputs(half), NumpyFile.Read(At("middle.npy")), 2e-3)) return 1;

var numbers = Tensor.From([0f, 1, 1, 0, 1, 0], 2, 3);
var kinds = new List<KeyValuePair<string, Tensor>>
{
    new("f64", numbers.Cast(DType.Float64)), new("f32", numbers), new("f16", numbers.Cast(DType.Float16)), new("bf16", numbers.Cast(DType.BFloat16)),
    new("i64", numbers.Cast(DType.Int64)), new("i32", numbers.Cast(DType.Int32)), new("bool", numbers.Cast(DType.Bool)),
    new("scalar", Tensor.Scalar(2f)), new("empty", Tensor.Zeros(0, 3)), new("tied", numbers),
};
PyTorch.Save(At("kinds.pt"), kinds);
NumpyFile.WriteArchive(At("kinds.npz"), kinds.Where(pair => pair.Key != "bf16"), compress: true);
NumpyFile.Write(At("one.npy"), Tensor.From([1.5f, -2], 1, 2));
Console.WriteLine("ok");
return 0;

Tensor Outputs(Module module)
{
    module.Eval();
    using var scope = new NoGrad();
    return module.Forward(data["x"]);
}

bool Same(string what, Tensor actual, Tensor expected, double tolerance = 1e-5)
{
    double worst = (actual - expected).Abs().Max().Item(), scale = Math.Max(1, expected.Abs().Max().Item());
    Console.WriteLine($"{what}: {worst:E1}");
    return worst <= tolerance * scale || Fail($"{what} differ by {worst}") == 0;
}

int Fail(string problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}
