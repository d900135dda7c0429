namespace Cajal.Models;

/// <summary>
/// Graph convolution (Kipf and Welling 2017): Y = D^-½ (A + I) D^-½ X Wᵀ + b, D the degrees with loops. Keys as in PyTorch Geometric: <c>lin.weight</c>, <c>bias</c>.
/// </summary>
/// <param name="inFeatures">Columns of x.</param>
/// <param name="outFeatures">Columns of the result.</param>
/// <param name="bias">Whether b is added.</param>
public sealed partial class GcnConv(int inFeatures, int outFeatures, bool bias = true) : GraphLayer
{
    private readonly Linear lin = Glorot(inFeatures, outFeatures);

    [Key("bias")]
    private readonly Parameter? offset = bias ? new(Tensor.Zeros(outFeatures)) : null;

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        Check(graph, x, inFeatures);
        var loops = graph.WithLoops;
        var y = Tensor.SparseMatMul(loops.Pattern, loops.SymmetricWeights.Cast(x.DType), lin.Forward(x));
        return Report(x, offset is null ? y : y + offset);
    }
}
