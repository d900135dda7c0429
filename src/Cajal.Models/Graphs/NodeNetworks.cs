namespace Cajal.Models;

/// <summary>
/// GCN (Kipf and Welling 2017): graph convolutions with rectifiers and dropout between them; features of nodes → logits of nodes. Keys as PyTorch Geometric's models: <c>convs.0.lin.weight</c>.
/// </summary>
/// <param name="inFeatures">Features of a node.</param>
/// <param name="hidden">Width between the layers.</param>
/// <param name="classes">Classes of nodes.</param>
/// <param name="layers">How many convolutions: how far messages travel.</param>
/// <param name="dropout">Share dropped before each layer.</param>
public sealed partial class Gcn(int inFeatures, int hidden, int classes, int layers = 2, double dropout = 0.5) : GraphLayer
{
    private readonly GcnConv[] convs = NodeNetworks.Layers(layers, layer => new GcnConv(layer == 0 ? inFeatures : hidden, layer == layers - 1 ? classes : hidden));
    private readonly Dropout drop = new(dropout);

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x) => Report(x, NodeNetworks.Run(graph, x, convs, drop, static x => x.Relu()));
}

/// <summary>GraphSAGE (Hamilton, Ying and Leskovec 2017): features of nodes → logits of nodes, with the mean over neighbours beside the node's own features.</summary>
/// <inheritdoc cref="Gcn"/>
public sealed partial class GraphSage(int inFeatures, int hidden, int classes, int layers = 2, double dropout = 0.5) : GraphLayer
{
    private readonly SageConv[] convs = NodeNetworks.Layers(layers, layer => new SageConv(layer == 0 ? inFeatures : hidden, layer == layers - 1 ? classes : hidden));
    private readonly Dropout drop = new(dropout);

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x) => Report(x, NodeNetworks.Run(graph, x, convs, drop, static x => x.Relu()));
}

/// <summary>GAT (Veličković et al. 2018): features of nodes → logits of nodes, through heads that stand side by side and an averaged last layer.</summary>
/// <param name="inFeatures">Features of a node.</param>
/// <param name="hidden">Width of each head.</param>
/// <param name="classes">Classes of nodes.</param>
/// <param name="heads">Heads of every layer.</param>
/// <param name="layers">How many layers: how far messages travel.</param>
/// <param name="dropout">Share dropped before each layer.</param>
public sealed partial class Gat(int inFeatures, int hidden, int classes, int heads = 8, int layers = 2, double dropout = 0.5) : GraphLayer
{
    private readonly GatConv[] convs = NodeNetworks.Layers(layers,
        layer => new GatConv(layer == 0 ? inFeatures : heads * hidden, layer == layers - 1 ? classes : hidden, heads, concat: layer < layers - 1));

    private readonly Dropout drop = new(dropout);

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x) => Report(x, NodeNetworks.Run(graph, x, convs, drop, static x => x.Elu()));
}

/// <summary>What networks on nodes have in common.</summary>
internal static class NodeNetworks
{
    internal static T[] Layers<T>(int count, Func<int, T> make)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(make)];
    }

    internal static Tensor Run(Graph graph, Tensor x, IReadOnlyList<GraphLayer> layers, Dropout drop, Func<Tensor, Tensor> activation)
    {
        for (int layer = 0; layer < layers.Count; layer++)
        {
            x = layers[layer].Forward(graph, drop.Forward(x));
            if (layer < layers.Count - 1) x = activation(x);
        }
        return x;
    }
}
