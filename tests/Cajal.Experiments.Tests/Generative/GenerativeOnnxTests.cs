using Cajal.Models;

namespace Cajal.Experiments.Tests;

/// <summary>Networks that make pictures, written as ONNX and read again.</summary>
public sealed class GenerativeOnnxTests
{
    [Fact]
    public void AGenerator()
    {
        var net = new DcganGenerator(latent: 8, channels: 4, side: 16);
        Stir(net);
        net.Forward(net.Noise(16)); // running statistics that are not those of the start
        net.Eval();
        RoundTrip(net, inputs => [net.Forward(inputs[0])], net.Noise(3));
    }

    [Fact]
    public void ADiffusionUNetWithItsTwoInputs()
    {
        var net = new DiffusionUNet([8, 16], patch: 2);
        Stir(net);
        net.Eval();
        RoundTrip(net, inputs => [net.Forward(inputs[0], inputs[1])], Tensor.Normal([3, 1, 8, 8]), Tensor.From([1f, 40, 900], 3));
    }

    /// <summary>Moves every weight away from the small ones, or zeros, that it starts with.</summary>
    private static void Stir(Module net)
    {
        using var scope = new NoGrad();
        foreach (var parameter in net.Parameters()) parameter.CopyFrom(parameter + Tensor.Normal(parameter.Shape, 0, 0.1));
    }

    private static void RoundTrip(Module net, Func<Tensor[], Tensor[]> forward, params Tensor[] inputs)
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, forward, inputs, path);
            using var plain = new NoGrad();
            var expected = forward(inputs)[0];
            Assert.True(expected.Abs().Max().Item() > 0.01);
            Assert.True(OnnxModel.Load(path).ForwardAll(inputs)[0].AllClose(expected, 1e-4, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
