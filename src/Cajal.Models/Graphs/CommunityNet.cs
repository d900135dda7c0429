namespace Cajal.Models;

/// <summary>
/// Finds communities in graphs it has never seen (after Chen, Li and Bruna 2019, without the line graph): each layer mixes a node's row x, the sum A x over its neighbours and d x with its degree, half of
/// the result rectified, and brings each column to mean 0 and variance 1 over the nodes. It learns an iteration like that of spectral methods and belief propagation.
/// </summary>
/// <param name="width">Columns of the state; even.</param>
/// <param name="layers">Iterations.</param>
/// <param name="communities">How many communities are told apart.</param>
public sealed partial class CommunityNet(int width, int layers, int communities = 2) : GraphLayer
{
    private const double Epsilon = 1e-5;

    private readonly Linear[] steps = NodeNetworks.Layers(layers, _ => Glorot(3 * width, width));
    private readonly Linear readout = new(width, communities);

    /// <summary>x [nodes, width], random numbers that tell nodes apart, → logits [nodes, communities]. Which community has which number is arbitrary.</summary>
    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        Check(graph, x, width);
        var start = x;
        var ones = Tensor.Ones([graph.Pattern.Count], x.DType);
        var degrees = Tensor.From(graph.Degrees(), graph.NodeCount, 1).Cast(x.DType);
        foreach (var step in steps)
        {
            var y = step.Forward(Tensor.Concat([x, Tensor.SparseMatMul(graph.Pattern, ones, x), degrees * x], 1));
            y = Tensor.Concat([y.Narrow(1, 0, width / 2).Relu(), y.Narrow(1, width / 2, width - width / 2)], 1);
            y -= y.Mean(0, keepAxes: true);
            x = y * (y.Square().Mean(0, keepAxes: true) + Epsilon).Rsqrt();
        }
        return Report(start, readout.Forward(x));
    }
}
