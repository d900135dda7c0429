namespace Cajal.Models;

/// <summary>
/// A random graph of two communities of equal size (the stochastic block model of Holland, Laskey and Leinhardt 1983), sparse: a node has on average <c>degree</c> neighbours. With c_in and c_out n times the
/// probabilities of an edge within and between, the signal strength is λ = (c_in - c_out) / (2 √degree). No method whatever finds the communities of a large graph where λ ≤ 1 (Decelle et al. 2011; Mossel, Neeman and Sly 2015).
/// </summary>
/// <param name="Graph">The graph.</param>
/// <param name="Communities">0 or 1 for each node.</param>
public sealed record BlockModel(Graph Graph, int[] Communities)
{
    /// <summary>Draws one.</summary>
    /// <param name="nodes">Even.</param>
    /// <param name="degree">Mean number of neighbours.</param>
    /// <param name="strength">λ, from 0 (no communities) to √degree (no edge between them).</param>
    /// <param name="generator">The current one when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting that no such graph has.</exception>
    public static BlockModel Draw(int nodes, double degree, double strength, Generator? generator = null)
    {
        if (nodes < 2 || nodes % 2 != 0) throw new ArgumentOutOfRangeException(nameof(nodes), nodes, "BlockModel: the number of nodes must be even and at least 2.");
        if (!(degree > 0 && degree <= nodes / 4.0)) throw new ArgumentOutOfRangeException(nameof(degree), degree, $"BlockModel: the mean degree must lie above 0 and at most a quarter of the nodes, {nodes / 4.0}.");
        if (!(strength >= 0 && strength <= Math.Sqrt(degree))) throw new ArgumentOutOfRangeException(nameof(strength), strength, $"BlockModel: the strength must lie between 0 and √degree = {Math.Sqrt(degree):0.###}.");
        generator ??= Generator.Current;
        double within = (degree + strength * Math.Sqrt(degree)) / nodes, between = (degree - strength * Math.Sqrt(degree)) / nodes;
        int[] order = generator.Permutation(nodes), communities = new int[nodes];
        for (int place = 0; place < nodes; place++) communities[order[place]] = place < nodes / 2 ? 0 : 1;
        var draws = new double[nodes * (nodes - 1) / 2];
        generator.FillUniform(draws);
        var edges = new List<(int, int)>();
        for (int i = 0, at = 0; i < nodes; i++)
        {
            for (int j = i + 1; j < nodes; j++, at++)
            {
                if (draws[at] < (communities[i] == communities[j] ? within : between)) edges.Add((i, j));
            }
        }
        return new(Graph.Undirected(nodes, [.. edges]), communities);
    }

    /// <summary>How well a guess agrees with the communities, whichever way round they are numbered: 0 as by chance, 1 perfect.</summary>
    public double Overlap(ReadOnlySpan<int> guess)
    {
        if (guess.Length != Communities.Length) throw new ArgumentException($"Overlap: the guess must name a community for each of the {Communities.Length} nodes, not for {guess.Length}.", nameof(guess));
        int same = 0;
        for (int i = 0; i < guess.Length; i++) same += guess[i] == Communities[i] ? 1 : 0;
        return Math.Abs(2.0 * same / guess.Length - 1);
    }
}
