using Cajal.Models;
using Cajal.Onnx;

namespace Cajal.Experiments.Tests;

/// <summary>Autoencoders and their kin written as ONNX and read again: the same numbers, for another number of images too.</summary>
public sealed class GenerativeExportTests
{
    private static readonly Dictionary<string, Func<Module>> Nets = new()
    {
        ["vae"] = () => VariationalAutoencoder.Dense([1, 8, 8], [12, 10], 3),
        ["conv-vae"] = () => VariationalAutoencoder.Convolutional(1, 8, 3, width: 4),
        ["autoencoder"] = () => Autoencoder.Dense([1, 8, 8], [12], 3),
        ["conv-autoencoder"] = () => Autoencoder.Convolutional(1, 8, 3, width: 4),
        ["tied-autoencoder"] = () => new TiedAutoencoder([1, 8, 8], [12, 3]),
        ["sparse-autoencoder"] = () => Autoencoder.Sparse([1, 8, 8], 20),
        ["simclr"] = () => SimClr.Small(features: 8, embedding: 4),
    };

    public static TheoryData<string> Names => [.. Nets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WrittenAndReadAgain(string name)
    {
        var net = Nets[name]();
        net.Eval();
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, Tensor.Uniform(Shape.Create(2, 1, 8, 8)), path);
            var again = OnnxModel.Load(path);
            var x = Tensor.Uniform(Shape.Create(5, 1, 8, 8));
            Assert.True(again.Call(x).AllClose(net.Call(x), 1e-4, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
