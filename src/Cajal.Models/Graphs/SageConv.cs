namespace Cajal.Models;

/// <summary>
/// GraphSAGE with the mean of the neighbours (Hamilton, Ying and Leskovec 2017): yᵢ = W₁ mean xⱼ + b + W₂ xᵢ. Keys as in PyTorch Geometric: <c>lin_l</c> for the neighbours, <c>lin_r</c> for the node
/// itself. A node without neighbours hears zeros.
/// </summary>
/// <param name="inFeatures">Columns of x.</param>
/// <param name="outFeatures">Columns of the result.</param>
public sealed partial class SageConv(int inFeatures, int outFeatures) : GraphLayer
{
    private readonly Linear linL = new(inFeatures, outFeatures);
    private readonly Linear linR = new(inFeatures, outFeatures, bias: false);

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        Check(graph, x, inFeatures);
        var mean = Tensor.SparseMatMul(graph.Pattern, graph.MeanWeights.Cast(x.DType), x);
        return Report(x, linL.Forward(mean) + linR.Forward(x));
    }
}
