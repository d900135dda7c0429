using Cajal.Models;

namespace Cajal.Experiments.Tests.Sets;

/// <summary>Networks on sets, pairs, densities and equations, written as ONNX and read again.</summary>
public sealed class ExportTests
{
    public static TheoryData<string> Names => ["deepset", "siamese", "mdn", "neural-ode", "pinn"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSameNumbersComeOut(string name)
    {
        using var _ = new Generator(1).Use();
        var net = ModelCatalogue.All.Single(entry => entry.Name == name).Build();
        net.Eval();
        var x = Tensor.Normal(name switch { "deepset" => [3, 5, 2], "siamese" => [3, 784], "mdn" => [3, 1], _ => (int[])[3, 2] });
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, x, path);
            using var nothing = new NoGrad();
            var again = OnnxModel.Load(path).Call(x);
            Assert.True(net.Call(x).AllClose(again, 1e-5, 1e-6), $"{net.Call(x)} became {again}");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
