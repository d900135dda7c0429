namespace Cajal.Models;

/// <summary>
/// GIN for whole graphs (Xu et al. 2019): layers of sums and small dense networks; the rows of each layer, input included, are summed over a graph, and a dense layer for each makes logits of them, which are added.
/// </summary>
/// <param name="inFeatures">Features of a node.</param>
/// <param name="hidden">Width of the layers.</param>
/// <param name="classes">Classes of graphs.</param>
/// <param name="layers">How many: how far messages travel.</param>
/// <param name="dropout">Share dropped of each layer's logits.</param>
public sealed partial class Gin(int inFeatures, int hidden, int classes, int layers = 4, double dropout = 0.5) : Module
{
    private readonly GinConv[] convs = NodeNetworks.Layers(layers, layer => new GinConv(new Sequential(
        new Linear(layer == 0 ? inFeatures : hidden, hidden), new BatchNorm1d(hidden), new ReLU(), new Linear(hidden, hidden), new BatchNorm1d(hidden), new ReLU())));

    private readonly Linear[] readouts = NodeNetworks.Layers(layers + 1, layer => new Linear(layer == 0 ? inFeatures : hidden, classes));
    private readonly Dropout drop = new(dropout);

    /// <summary>x [nodes, inFeatures] → logits [graphs, classes].</summary>
    /// <param name="graph">Graphs side by side: <see cref="Graph.Join"/>.</param>
    /// <param name="members">Which nodes belong to which: [graphs, nodes].</param>
    /// <param name="x">A row for each node.</param>
    /// <exception cref="ShapeException">x does not fit.</exception>
    public Tensor Forward(Graph graph, SparsePattern members, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (x.Rank != 2 || x.Shape[1] != inFeatures) throw new ShapeException($"{Label}: x must be [nodes, {inFeatures}], but is {x.Shape}.");
        var ones = Tensor.Ones([members.Count], x.DType);
        var logits = Read(x, 0);
        for (int layer = 0; layer < convs.Length; layer++)
        {
            x = convs[layer].Forward(graph, x);
            logits += Read(x, layer + 1);
        }
        return logits;

        Tensor Read(Tensor rows, int layer) => drop.Forward(readouts[layer].Forward(Tensor.SparseMatMul(members, ones, rows)));
    }
}
