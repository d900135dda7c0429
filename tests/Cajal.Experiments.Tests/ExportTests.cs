using Cajal.Models;

namespace Cajal.Experiments.Tests;

/// <summary>Architectures whose operators ONNX has give the same numbers when they are read back.</summary>
public sealed class ExportTests
{
    private static readonly Dictionary<string, int[]> Inputs = new()
    {
        ["mlp"] = [2, 1, 28, 28], ["lenet5"] = [2, 1, 28, 28], ["cnn"] = [2, 1, 28, 28], ["vgg"] = [2, 1, 28, 28], ["resnet"] = [2, 1, 28, 28], ["alexnet-small"] = [2, 1, 28, 28],
        ["unet"] = [2, 1, 48, 48], ["centre-detector"] = [2, 1, 64, 64],
        ["dcgan-discriminator"] = [2, 1, 32, 32], ["wgan-critic"] = [2, 1, 32, 32],
    };

    public static TheoryData<string> Names => [.. Inputs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadBackFromOnnx(string name)
    {
        using var _ = new Generator(5).Use();
        var net = ModelCatalogue.All.Single(entry => entry.Name == name).Build();
        net.Eval();
        var x = Tensor.Normal(Inputs[name]);
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, x, path);
            var other = Tensor.Normal([3, .. Inputs[name][1..]]);
            Assert.True(OnnxModel.Load(path).Forward(other).AllClose(net.Forward(other), 1e-4, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
