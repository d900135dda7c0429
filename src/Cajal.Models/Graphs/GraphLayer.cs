namespace Cajal.Models;

/// <summary>A layer or network that lets the nodes of a graph send messages to their neighbours: a row of features for each node goes in, a row for each node comes out.</summary>
public abstract partial class GraphLayer : Module
{
    /// <summary>x [nodes, inFeatures] → [nodes, outFeatures].</summary>
    /// <param name="graph">Who sends to whom.</param>
    /// <param name="x">A row for each node.</param>
    /// <exception cref="ShapeException">x does not fit the graph or the layer.</exception>
    public abstract Tensor Forward(Graph graph, Tensor x);

    /// <summary>Refuses what has not a row of <paramref name="features"/> numbers for each node.</summary>
    private protected void Check(Graph graph, Tensor x, int features)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (x.Rank != 2 || x.Shape[0] != graph.NodeCount || x.Shape[1] != features)
            throw new ShapeException($"{Label}: x must be [{graph.NodeCount}, {features}], a row of inFeatures for each node, but is {x.Shape}.");
    }

    /// <summary>A dense layer that starts as Glorot and Bengio (2010) proposed, as in the papers on graph networks.</summary>
    private protected static Linear Glorot(int inFeatures, int outFeatures, bool bias = false)
    {
        var layer = new Linear(inFeatures, outFeatures, bias);
        layer.Weight.CopyFrom(Initialise.XavierUniform([outFeatures, inFeatures]));
        layer.Bias?.Fill(0);
        return layer;
    }
}
