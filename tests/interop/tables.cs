#:project ../../src/Cajal/Cajal.csproj
// Writes event files and safetensors for tables.py to check.
using Cajal;

string folder = args[0];
var net = new Sequential(new Linear(3, 2), new ReLU());
var picture = Tensor.From([0f, 0.5f, 1, 2], 1, 2, 2);
using (var writer = new EventWriter(Path.Combine(folder, "board")))
{
    writer.Scalar("train/loss", 0.25, 3);
    writer.Histogram("weights", Tensor.From([1f, 2, -3, 0]), 3);
    writer.Text("note", "hello", 3);
    writer.Image("picture", picture, 3);
    writer.Graph(net, [1, 3]);
}
var image = EventFile.Read(Directory.GetFiles(Path.Combine(folder, "board"))[0]).Single(value => value.Kind == LoggedKind.Image);
File.WriteAllBytes(Path.Combine(folder, "picture.png"), image.Picture!);

var x = Tensor.From([1.5f, -2, 0, 0.25f, 7, -0.5f], 2, 3);
var tensors = new Dictionary<string, Tensor>
{
    ["f64"] = x.Cast(DType.Float64), ["f32"] = x, ["f16"] = x.Cast(DType.Float16), ["bf16"] = x.Cast(DType.BFloat16), ["i64"] = x.Cast(DType.Int64), ["i32"] = x.Cast(DType.Int32),
    ["bool"] = x.Cast(DType.Bool), ["view"] = x.Transpose(), ["scalar"] = Tensor.Scalar(3.0), ["empty"] = Tensor.Zeros(0, 2),
};
Safetensors.Save(Path.Combine(folder, "a.safetensors"), tensors, [new("note", "größer")]);
NumpyFile.WriteArchive(Path.Combine(folder, "expected.npz"), tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.DType == DType.BFloat16 ? pair.Value.Cast(DType.Float32) : pair.Value)));
