using Cajal.Models;
using Cajal.Onnx;

namespace Cajal.Experiments.Tests;

/// <summary>Recurrent networks written as ONNX and read back.</summary>
public sealed class RecurrentExportTests
{
    [Theory]
    [InlineData(RecurrentType.Rnn, RecurrentReadout.Last, false)]
    [InlineData(RecurrentType.Lstm, RecurrentReadout.Last, true)]
    [InlineData(RecurrentType.Gru, RecurrentReadout.EveryStep, true)]
    public void ComesBackAlike(RecurrentType type, RecurrentReadout readout, bool bidirectional)
    {
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            var net = new RecurrentNetwork(type, 3, 4, 2, readout: readout, bidirectional: bidirectional);
            net.Eval();
            var x = Tensor.Normal([2, 5, 3], generator: new Generator(1));
            OnnxExporter.Save(net, x, path);
            using var scope = new NoGrad();
            Assert.True(net.Forward(x).AllClose(OnnxModel.Load(path).Forward(x), 1e-5, 1e-6));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
