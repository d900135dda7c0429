namespace Cajal.Models.Tests.Graphs;

public sealed class GraphTests
{
    /// <summary>A path 0 - 1 - 2 and a node by itself.</summary>
    private static readonly Graph Path = Graph.Undirected(4, [(0, 1), (2, 1)]);

    [Fact]
    public void AnEdgeGoesBothWays()
    {
        Assert.Equal([0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], Path.ToDense().ToArray<double>());
        Assert.Equal([1, 2, 1, 0], Path.Degrees());
        Assert.Equal([2, 3, 2, 1], Path.WithLoops.Degrees());
        Assert.Same(Path.WithLoops, Path.WithLoops);
    }

    [Fact]
    public void WeightsAreThoseOfTheirDefinitions()
    {
        double root = 1 / Math.Sqrt(2);
        Assert.Equal([root, root, root, root], Path.SymmetricWeights.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([1, 0.5, 0.5, 1], Path.MeanWeights.ToArray<double>());
    }

    [Fact]
    public void JoinedGraphsKeepApart()
    {
        var (graph, members) = Graph.Join([Path, Graph.Undirected(2, [(0, 1)])]);
        Assert.Equal(6, graph.NodeCount);
        Assert.Equal([1, 2, 1, 0, 1, 1], graph.Degrees());
        Assert.Equal(1, graph.ToDense().At(4, 5));
        Assert.Equal([10, 11], Tensor.SparseMatMul(members, Tensor.Ones(6), Tensor.From([1f, 2, 3, 4, 5, 6], 6, 1)).ToArray<float>());
    }

    [Fact]
    public void AGraphIsSquareAndNamesPairsOnce()
    {
        Assert.Contains("must be square", Assert.Throws<ArgumentException>(() => new Graph(SparsePattern.From(2, 3, []))).Message);
        Assert.Contains("named twice", Assert.Throws<ArgumentException>(() => Graph.Undirected(3, [(0, 1), (1, 0)])).Message);
    }

    [Fact]
    public void TheKarateClubHasItsMembersMeetingsAndSides()
    {
        var graph = KarateClub.Graph;
        Assert.Equal(34, graph.NodeCount);
        Assert.Equal(2 * 78, graph.Pattern.Count);
        // Degrees as in the paper's matrix: instructor 16, president 17, members 33 and 3 with 12 and 10.
        Assert.Equal([16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2, 2, 2, 2, 3, 2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17], graph.Degrees());
        Assert.Equal(34, KarateClub.Sides.Count);
        Assert.Equal(17, KarateClub.Sides.Sum());
        Assert.Equal(0, KarateClub.Sides[KarateClub.Instructor]);
        Assert.Equal(1, KarateClub.Sides[KarateClub.President]);
    }
}
