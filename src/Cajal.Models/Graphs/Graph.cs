namespace Cajal.Models;

/// <summary>
/// Nodes joined by edges, for networks that pass messages. Row i of <see cref="Pattern"/> names the nodes whose messages node i receives. Immutable; what is derived from it (loops, weights) is
/// made once and kept.
/// </summary>
public sealed class Graph
{
    private readonly Lazy<Graph> looped;
    private readonly Lazy<Tensor> symmetric, mean;

    /// <summary>A graph with a given pattern.</summary>
    /// <param name="pattern">[nodes, nodes]: entry (i, j) is an edge from j to i.</param>
    /// <exception cref="ArgumentException">The pattern is not square.</exception>
    public Graph(SparsePattern pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.RowCount != pattern.ColumnCount) throw new ArgumentException($"Graph: the pattern must be square, nodes by nodes, but is {pattern}.", nameof(pattern));
        Pattern = pattern;
        looped = new(AddLoops);
        symmetric = new(() => PerEdge((receiver, sender) => 1 / Math.Sqrt((double)receiver * sender)));
        mean = new(() => PerEdge((receiver, _) => 1.0 / receiver));
    }

    /// <summary>Which nodes send to which.</summary>
    public SparsePattern Pattern { get; }

    /// <summary>Number of nodes.</summary>
    public int NodeCount => Pattern.RowCount;

    /// <summary>The same graph with an edge from every node to itself.</summary>
    public Graph WithLoops => looped.Value;

    /// <summary>1 / √(dᵢ dⱼ) for every edge, d being the numbers of edges that nodes receive: Float64 [edges].</summary>
    public Tensor SymmetricWeights => symmetric.Value;

    /// <summary>1 / dᵢ for every edge, so that a sparse product takes the mean over neighbours: Float64 [edges].</summary>
    public Tensor MeanWeights => mean.Value;

    /// <summary>Edges that go both ways.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="edges">Pairs of node numbers, each pair once.</param>
    /// <exception cref="ArgumentException">A node does not exist, or a pair is named twice (in either order).</exception>
    public static Graph Undirected(int nodes, ReadOnlySpan<(int First, int Second)> edges)
    {
        var entries = new List<(int, int)>(2 * edges.Length);
        foreach (var (first, second) in edges)
        {
            entries.Add((first, second));
            if (first != second) entries.Add((second, first));
        }
        return new(SparsePattern.From(nodes, nodes, [.. entries]));
    }

    /// <summary>
    /// Graphs side by side as one without edges between them, and where their nodes are: <c>Members</c> is a pattern [graphs, nodes], with which a sparse product sums the rows of each graph.
    /// </summary>
    public static (Graph Graph, SparsePattern Members) Join(IReadOnlyList<Graph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        var (edges, members, first) = (new List<(int, int)>(), new List<(int, int)>(), 0);
        for (int g = 0; g < graphs.Count; g++)
        {
            var (rows, columns) = (graphs[g].Pattern.Rows.ToArray<int>(), graphs[g].Pattern.Columns.ToArray<int>());
            for (int e = 0; e < rows.Length; e++) edges.Add((first + rows[e], first + columns[e]));
            for (int node = 0; node < graphs[g].NodeCount; node++) members.Add((g, first + node));
            first += graphs[g].NodeCount;
        }
        return (new(SparsePattern.From(first, first, [.. edges])), SparsePattern.From(graphs.Count, first, [.. members]));
    }

    /// <summary>How many edges each node receives.</summary>
    public int[] Degrees()
    {
        var degrees = new int[NodeCount];
        for (int node = 0; node < degrees.Length; node++) degrees[node] = Pattern.RowStarts[node + 1] - Pattern.RowStarts[node];
        return degrees;
    }

    /// <summary>The adjacency matrix, 1 where there is an edge: [nodes, nodes].</summary>
    public Tensor ToDense(DType dtype = DType.Float64) => Pattern.ToDense(Tensor.Ones([Pattern.Count], dtype));

    /// <summary>Nodes and edges.</summary>
    public override string ToString() => $"Graph({NodeCount} nodes, {Pattern.Count} directed edges)";

    private Graph AddLoops()
    {
        var (rows, columns) = (Pattern.Rows.ToArray<int>(), Pattern.Columns.ToArray<int>());
        var entries = rows.Zip(columns).Where(edge => edge.First != edge.Second).Concat(Enumerable.Range(0, NodeCount).Select(node => (node, node)));
        return new(SparsePattern.From(NodeCount, NodeCount, [.. entries]));
    }

    private Tensor PerEdge(Func<int, int, double> weight)
    {
        var (degrees, rows, columns) = (Degrees(), Pattern.Rows.ToArray<int>(), Pattern.Columns.ToArray<int>());
        double[] weights = [.. rows.Zip(columns, (row, column) => weight(degrees[row], Math.Max(1, degrees[column])))];
        return Tensor.From(weights, weights.Length);
    }
}
