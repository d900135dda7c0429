namespace Cajal.Models;

/// <summary>Two communities from the sign of an eigenvector of a symmetric matrix of the graph. Dense: n² memory, n³ time.</summary>
public static class SpectralClustering
{
    /// <summary>
    /// The Bethe Hessian (r² - 1) I - r A + D with r² the mean degree (Saade, Krzakala and Zdeborová 2014), whose second smallest eigenvector works down to the threshold of detectability in sparse graphs.
    /// </summary>
    /// <returns>0 or 1 for each node.</returns>
    public static int[] BetheHessian(Graph graph)
    {
        double[] degrees = Degrees(graph);
        double r = Math.Sqrt(degrees.Average());
        var matrix = Tensor.From(degrees, degrees.Length).DiagonalMatrix() + (r * r - 1) * Tensor.Eye(degrees.Length, DType.Float64) - r * graph.ToDense();
        return Signs(matrix, fromEnd: false);
    }

    /// <summary>D^-½ A D^-½, whose second largest eigenvector is that of the second smallest of the normalised Laplacian I - D^-½ A D^-½ (Shi and Malik 2000). Nodes without neighbours are rows of zeros.</summary>
    /// <inheritdoc cref="BetheHessian"/>
    public static int[] NormalisedLaplacian(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Signs(graph.Pattern.ToDense(graph.SymmetricWeights), fromEnd: true);
    }

    private static double[] Degrees(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.NodeCount < 2) throw new ArgumentException("SpectralClustering: a graph of fewer than two nodes has no two communities.", nameof(graph));
        return Array.ConvertAll(graph.Degrees(), degree => (double)degree);
    }

    private static int[] Signs(Tensor matrix, bool fromEnd)
    {
        int n = matrix.Shape[0];
        double[] second = matrix.EigenSymmetric().Vectors.Select(1, fromEnd ? n - 2 : 1).ToArray<double>();
        return Array.ConvertAll(second, value => value < 0 ? 0 : 1);
    }
}
