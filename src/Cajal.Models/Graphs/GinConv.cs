namespace Cajal.Models;

/// <summary>
/// Graph isomorphism layer (Xu et al. 2019): yᵢ = net((1 + ε) xᵢ + Σ xⱼ), sums because means forget how many neighbours there are. Keys as in PyTorch Geometric: <c>nn...</c>, <c>eps</c>, which is learned.
/// </summary>
/// <param name="nn">What is done with the sum: [nodes, inFeatures] → [nodes, outFeatures].</param>
public sealed partial class GinConv(Module nn) : GraphLayer
{
    private readonly Parameter eps = new(Tensor.Zeros(1));

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (x.Rank != 2 || x.Shape[0] != graph.NodeCount) throw new ShapeException($"{Label}: x must be [{graph.NodeCount}, features], a row for each node, but is {x.Shape}.");
        var heard = Tensor.SparseMatMul(graph.Pattern, Tensor.Ones([graph.Pattern.Count], x.DType), x);
        return Report(x, nn.Call(heard + x * (1 + eps)));
    }
}
