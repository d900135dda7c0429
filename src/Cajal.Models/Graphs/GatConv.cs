namespace Cajal.Models;

/// <summary>
/// Graph attention (Veličković et al. 2018): z = W x; αᵢⱼ = softmax over the neighbours j of i (itself included) of LeakyReLU(a₁·zⱼ + a₂·zᵢ); yᵢ = Σ αᵢⱼ zⱼ + b, for each head. Keys as in PyTorch
/// Geometric: <c>lin.weight</c>, <c>att_src</c>, <c>att_dst</c>, <c>bias</c>.
/// </summary>
/// <param name="inFeatures">Columns of x.</param>
/// <param name="outFeatures">Columns of each head.</param>
/// <param name="heads">Number of heads.</param>
/// <param name="concat">Whether heads stand side by side, [nodes, heads · outFeatures], or are averaged, [nodes, outFeatures].</param>
/// <param name="slope">Of the leaky rectifier below zero.</param>
public sealed partial class GatConv(int inFeatures, int outFeatures, int heads = 1, bool concat = true, double slope = 0.2) : GraphLayer
{
    private readonly Linear lin = Glorot(inFeatures, heads * outFeatures);
    private readonly Parameter attSrc = new(Initialise.XavierUniform([1, heads, outFeatures]));
    private readonly Parameter attDst = new(Initialise.XavierUniform([1, heads, outFeatures]));

    [Key("bias")]
    private readonly Parameter offset = new(Tensor.Zeros(concat ? heads * outFeatures : outFeatures));

    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        Check(graph, x, inFeatures);
        var (z, alpha) = Attend(graph, x);
        var y = Tensor.SparseMatMul(graph.WithLoops.Pattern, alpha, z);
        if (!concat) y = y.Reshape(graph.NodeCount, heads, outFeatures).Mean(1);
        return Report(x, y + offset);
    }

    /// <summary>How much each node heeds each neighbour: one row per edge of <see cref="Graph.WithLoops"/>, [edges, heads].</summary>
    /// <inheritdoc cref="Forward(Graph, Tensor)"/>
    public Tensor Attention(Graph graph, Tensor x)
    {
        Check(graph, x, inFeatures);
        return Attend(graph, x).Alpha;
    }

    private (Tensor Z, Tensor Alpha) Attend(Graph graph, Tensor x)
    {
        var pattern = graph.WithLoops.Pattern;
        var z = lin.Forward(x);
        var perHead = z.Reshape(graph.NodeCount, heads, outFeatures);
        Tensor sent = (perHead * attSrc).Sum(-1), received = (perHead * attDst).Sum(-1);
        var logits = sent.IndexSelect(0, pattern.Columns) + received.IndexSelect(0, pattern.Rows);
        return (z, Tensor.SparseSoftmax(pattern, logits.LeakyRelu(slope)));
    }
}
