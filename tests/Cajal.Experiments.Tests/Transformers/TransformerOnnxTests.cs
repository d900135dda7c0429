using Cajal.Models;

namespace Cajal.Experiments.Tests;

/// <summary>Transformers and mixtures, written to ONNX and read again.</summary>
public sealed class TransformerOnnxTests
{
    [Fact]
    public void TheDecoder()
    {
        var net = new Gpt(11, 8, 12, 2, 3);
        Same(net, Tensor.Integers([2, 8], 0, 11), Tensor.Integers([2, 8], 0, 11));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheVisionTransformer(bool classToken)
    {
        var net = new VisionTransformer(1, 8, 4, 5, 8, 2, 2, 16, classToken: classToken);
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(Tensor.Normal(parameter.Shape, std: 0.5));
        Same(net, Tensor.Normal([3, 1, 8, 8]), Tensor.Normal([3, 1, 8, 8]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheMixtureWithAllExperts(int active) => Same(new MixtureOfExperts(4, 6, 3, 5, active) { EvaluateAll = true }, Tensor.Normal([40, 4]), Tensor.Normal([40, 4]));

    /// <summary>Another input than that of the trace, so that nothing of its values can have been written into the file.</summary>
    private static void Same(Module net, Tensor traced, Tensor other)
    {
        net.Eval();
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, traced, path);
            var again = OnnxModel.Load(path);
            Assert.True(net.Forward(other).AllClose(again.Forward(other), 1e-4, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
