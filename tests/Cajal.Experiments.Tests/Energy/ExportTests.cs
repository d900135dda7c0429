using Cajal.Models;

namespace Cajal.Experiments.Tests.Energy;

/// <summary>Boltzmann machines, belief nets and maps as ONNX.</summary>
public sealed class ExportTests
{
    public static TheoryData<string> Names => ["rbm", "gaussian-rbm", "dbn", "som"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ExportedAndReadBackItGivesTheSame(string name)
    {
        using var scope = new Generator(1).Use();
        var net = ModelCatalogue.All.Single(entry => entry.Name == name).Build();
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, 0, 0.1));
        var x = Tensor.Uniform([3, net.Parameters().First().Shape[1]]);
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, x, path);
            Assert.True(OnnxModel.Load(path).Call(x).AllClose(net.Call(x), 1e-5, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
