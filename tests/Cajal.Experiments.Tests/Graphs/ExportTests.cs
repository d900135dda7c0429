using Cajal.Models;

namespace Cajal.Experiments.Tests.Graphs;

/// <summary>Networks on one given graph, written as ONNX and read again.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData("gcn")]
    [InlineData("graphsage")]
    [InlineData("gat")]
    [InlineData("gin")]
    public void TheSameNumbersComeOut(string name)
    {
        using var _ = new Generator(1).Use();
        var graph = Graph.Undirected(5, [(0, 1), (0, 2), (1, 2), (2, 3)]);
        GraphLayer net = name switch { "gcn" => new Gcn(3, 4, 2), "graphsage" => new GraphSage(3, 4, 2), "gat" => new Gat(3, 4, 2, heads: 2), _ => new GinConv(new Linear(3, 2)) };
        net.Eval();
        var x = Tensor.Normal([5, 3]);
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, inputs => [net.Forward(graph, inputs[0])], [x], path, new() { DynamicAxis = null });
            using var nothing = new NoGrad();
            Tensor expected = net.Forward(graph, x), again = OnnxModel.Load(path).Call(x);
            Assert.True(expected.AllClose(again, 1e-5, 1e-6), $"{expected} became {again}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void HeadsKeepTheirColumns()
    {
        var pattern = SparsePattern.From(3, 2, [(0, 1), (2, 0), (2, 1)]);
        var values = Tensor.From([1f, 2, 3, 4, 5, 6], 3, 2);
        var net = new Identity();
        var x = Tensor.From([1f, 10, 100, 1000], 2, 2);
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, inputs => [Tensor.SparseMatMul(pattern, values, inputs[0])], [x], path, new() { DynamicAxis = null });
            Assert.Equal([100f, 2000, 0, 0, 3 + 500, 40 + 6000], OnnxModel.Load(path).Call(x).ToArray<float>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RowsOfDifferentLengthsShareOutOne(int heads)
    {
        // The second row has no entry.
        var pattern = SparsePattern.From(4, 3, [(0, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 2)]);
        var net = new Identity();
        var x = Tensor.Normal(heads == 1 ? [6] : [6, heads], generator: new(1));
        string path = Path.Combine(Path.GetTempPath(), $"cajal-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxExporter.Save(net, inputs => [Tensor.SparseSoftmax(pattern, inputs[0])], [x], path, new() { DynamicAxis = null });
            Assert.True(Tensor.SparseSoftmax(pattern, x).AllClose(OnnxModel.Load(path).Call(x), 1e-6, 1e-7));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
