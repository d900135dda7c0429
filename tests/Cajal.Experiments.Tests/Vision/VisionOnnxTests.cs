using Cajal.Models;
using Cajal.Onnx;

namespace Cajal.Experiments.Tests.Vision;

/// <summary>The networks of vision, written as ONNX and read back.</summary>
public sealed class VisionOnnxTests
{
    public static TheoryData<string> Names => ["unet", "centre-detector"];

    [Theory]
    [MemberData(nameof(Names))]
    public void GoThroughOnnxUnchanged(string name)
    {
        using var ambient = new Generator(1).Use();
        var net = ModelCatalogue.All.Single(entry => entry.Name == name).Build();
        net.Eval();
        var x = Tensor.Uniform(Shape.Create(2, 1, 32, 32));
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, x, path);
            Assert.True(OnnxModel.Load(path).Call(x).AllClose(net.Call(x), 1e-4, 1e-4));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
