using Cajal.Models;
using Cajal.Onnx;

namespace Cajal.Experiments.Tests;

/// <summary>Agents as ONNX models.</summary>
public sealed class AgentExportTests
{
    [Fact]
    public void APolicyActsTheSameAsOnnx() => Same(ActorCritic.For(new CartPole()), Tensor.Normal([5, 4], generator: new Generator(1)));

    [Fact]
    public void ANetworkForPicturesActsTheSameAsOnnx() => Same(AgentNetworks.PixelCnn(2, Catch.Side, 3), Tensor.Normal([3, 2, Catch.Side, Catch.Side], generator: new Generator(2)));

    private static void Same(Module network, Tensor observations)
    {
        network.Eval();
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(network, observations, path);
            Assert.True(OnnxModel.Load(path).Call(observations).AllClose(network.Call(observations), 1e-5, 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
