namespace Cajal.Models;

/// <summary>
/// Finds two communities in graphs it has never seen (after Chen, Li and Bruna 2019). Each layer makes x' = W [x, A x, p, D p] of a node's row x, the sum over its neighbours, the row p of the layer before and its product with the
/// degree; half of the columns go through tanh; each is brought to mean 0 and variance 1 over the nodes. It begins near A x + p - D p, the power iteration with the non-backtracking matrix (Krzakala et al. 2013), which is what belief
/// propagation comes to near its trivial fixed point, and learns what is better. All of it is odd: x and -x give opposite answers, since communities have no order.
/// </summary>
/// <param name="width">Columns of the state; even.</param>
/// <param name="layers">Iterations.</param>
public sealed partial class CommunityNet(int width, int layers) : GraphLayer
{
    private const double Epsilon = 1e-5, Noise = 0.1;

    private readonly Linear[] steps = NodeNetworks.Layers(layers, _ => NonBacktracking(width));
    private readonly Linear readout = new(width, 1, bias: false);

    /// <summary>x [nodes, width], random numbers that tell nodes apart, → logits [nodes, 2]. Which community has which number is arbitrary.</summary>
    /// <inheritdoc/>
    public override Tensor Forward(Graph graph, Tensor x)
    {
        Check(graph, x, width);
        var start = x;
        var ones = Tensor.Ones([graph.Pattern.Count], x.DType);
        var degrees = Tensor.From(graph.Degrees(), graph.NodeCount, 1).Cast(x.DType);
        var past = Tensor.ZerosLike(x);
        foreach (var step in steps)
        {
            var y = step.Forward(Tensor.Concat([x, Tensor.SparseMatMul(graph.Pattern, ones, x), past, degrees * past], 1));
            y -= y.Mean(0, keepAxes: true);
            var scale = (y.Square().Mean(0, keepAxes: true) + Epsilon).Rsqrt();
            y *= scale;
            past = x * scale;
            x = Tensor.Concat([y.Narrow(1, 0, width / 2), y.Narrow(1, width / 2, width - width / 2).Tanh()], 1);
        }
        var logit = readout.Forward(x);
        return Report(start, Tensor.Concat([logit, -logit], 1));
    }

    /// <summary>W near [0, I, I, -I].</summary>
    private static Linear NonBacktracking(int width)
    {
        var layer = new Linear(4 * width, width, bias: false);
        var unit = Tensor.Eye(width);
        layer.Weight.CopyFrom(Tensor.Concat([Tensor.ZerosLike(unit), unit, unit, -unit], 1) + Tensor.Normal([width, 4 * width]) * (Noise / Math.Sqrt(4 * width)));
        return layer;
    }
}
