namespace Cajal.Models.Tests.Graphs;

public sealed class GraphNetworkTests
{
    [Fact]
    public void GinTellsApartWhatCountingNeighboursTellsApart()
    {
        // A star and a path of four nodes have the same nodes and as many edges, but other degrees.
        var (star, path) = (Graph.Undirected(4, [(0, 1), (0, 2), (0, 3)]), Graph.Undirected(4, [(0, 1), (1, 2), (2, 3)]));
        using var _ = new Generator(3).Use();
        var net = new Gin(1, 8, 2, layers: 2, dropout: 0);
        net.Eval();
        var (graph, members) = Graph.Join([star, path, star]);
        var logits = net.Forward(graph, members, Tensor.Ones(12, 1));
        Assert.Equal(Shape.Create(3, 2), logits.Shape);
        Assert.True(logits.Select(0, 0).AllClose(logits.Select(0, 2)));
        Assert.False(logits.Select(0, 0).AllClose(logits.Select(0, 1), 1e-3, 1e-3));
    }

    [Fact]
    public void BitsDoNotDependOnTheNumberOfThreads()
    {
        int before = Compute.Threads;
        try
        {
            float[] Run(int threads)
            {
                Compute.Threads = threads;
                using var _ = new Generator(4).Use();
                var sample = BlockModel.Draw(400, 8, 1.5);
                var net = new Gat(16, 16, 4, dropout: 0);
                var x = Tensor.Normal([400, 16]).WithGrad();
                var y = net.Forward(sample.Graph, x);
                y.Square().Sum().Backward();
                return [.. y.ToArray<float>(), .. x.Grad!.ToArray<float>(), .. net.Parameters().SelectMany(parameter => parameter.Grad!.ToArray<float>())];
            }
            Assert.Equal(Run(1), Run(3));
        }
        finally
        {
            Compute.Threads = before;
        }
    }

    [Fact]
    public void BlockModelsHaveTheDegreesAskedFor()
    {
        var generator = new Generator(5);
        double[] degrees = new double[2];
        int across = 0, edges = 0;
        const int Nodes = 400, Graphs = 10;
        for (int g = 0; g < Graphs; g++)
        {
            var sample = BlockModel.Draw(Nodes, 5, 1.5, generator);
            Assert.Equal(Nodes / 2, sample.Communities.Sum());
            Assert.Equal(1, sample.Overlap(sample.Communities));
            Assert.Equal(1, sample.Overlap([.. sample.Communities.Select(c => 1 - c)]));
            int[] rows = sample.Graph.Pattern.Rows.ToArray<int>(), columns = sample.Graph.Pattern.Columns.ToArray<int>();
            edges += rows.Length;
            across += rows.Zip(columns).Count(edge => sample.Communities[edge.First] != sample.Communities[edge.Second]);
        }
        // Half of (5 - 1.5 √5) of a node's 5 neighbours are on the other side. Four standard deviations of 10,000 edges are 4 %.
        Assert.Equal(5, (double)edges / (Nodes * Graphs), 0.2);
        Assert.Equal((5 - 1.5 * Math.Sqrt(5)) / 2, (double)across / (Nodes * Graphs), 0.1);
        Assert.Contains("between 0 and √degree = 2.236", Assert.Throws<ArgumentOutOfRangeException>(() => BlockModel.Draw(100, 5, 3)).Message);
    }

    [Fact]
    public void SpectralMethodsFindCliquesThatABridgeJoins()
    {
        var edges = new List<(int, int)> { (0, 5) };
        foreach (int first in (int[])[0, 5]) for (int i = first; i < first + 5; i++) for (int j = i + 1; j < first + 5; j++) edges.Add((i, j));
        var sample = new BlockModel(Graph.Undirected(10, [.. edges]), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        Assert.Equal(1, sample.Overlap(SpectralClustering.BetheHessian(sample.Graph)));
        Assert.Equal(1, sample.Overlap(SpectralClustering.NormalisedLaplacian(sample.Graph)));
    }
}
