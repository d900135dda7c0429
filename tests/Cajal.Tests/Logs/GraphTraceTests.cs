using Cajal.Logs;

namespace Cajal.Tests.Logs;

public sealed class GraphTraceTests
{
    [Fact]
    public void OperationsAreGroupedByModuleAndLinked()
    {
        var net = new Sequential(new Linear(3, 4), new Residual(new Sequential(new Linear(4, 4), new Tanh())));
        var nodes = GraphTrace.Of(net, [2, 3], null);
        Assert.Equal(nodes.Count, nodes.Select(node => node.Name).Distinct().Count());
        var known = new HashSet<string>();
        foreach (var node in nodes)
        {
            Assert.All(node.Inputs, input => Assert.Contains(input, known));
            known.Add(node.Name);
        }
        var product = nodes.Single(node => node.Name == "0/MatMul");
        Assert.Equal("input", product.Inputs[0]);
        Assert.Equal([2, 4], product.Shape);
        Assert.Contains(nodes, node => node is { Name: "1/inner/0/weight", Op: "Parameter" });
        var tanh = nodes.Single(node => node.Op == "Tanh");
        Assert.StartsWith("1/inner/1/", tanh.Name);
        var sum = nodes[^1];
        Assert.StartsWith("1/", sum.Name);
        Assert.Equal(["0/Add", tanh.Name], sum.Inputs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        var net = new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new Dropout(0.5), new Flatten(), new Linear(8, 2));
        var before = net.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray<double>());
        using var random = new Generator(4).Use();
        double expected = Tensor.Normal([1]).Item();
        using var again = new Generator(4).Use();
        using (new NoGrad()) Assert.NotEmpty(GraphTrace.Of(net, [1, 1, 4, 4], null));
        Assert.Equal(expected, Tensor.Normal([1]).Item());
        Assert.True(net.IsTraining);
        foreach (var (key, value) in net.StateDict()) Assert.Equal(before[key], value.ToArray<double>());
        Assert.All(net.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void ATextNetworkHasAnInputToo()
    {
        var nodes = GraphTrace.Of(new Sequential(new Embedding(5, 3), new LSTM(3, 2)), [4, 1], DType.Int64);
        Assert.Contains(nodes, node => node is { Name: "input", Op: "Input" });
        Assert.Contains(nodes, node => node.Name.StartsWith("1/", StringComparison.Ordinal) && node.Op != "Parameter");
    }
}
